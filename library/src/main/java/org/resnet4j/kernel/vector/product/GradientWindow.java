package org.resnet4j.kernel.vector.product;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.parallel.Scratch;

/**
 * The output gradients of a convolution as its input pixels see them.
 *
 * <p>Input row y was seen by output row o through place k of the window where {@code y + padding = o·stride + k}. So the
 * rows with the same remainder r = (y + padding) mod stride see the places r, r + stride, … and, with
 * q = (y + padding − r) / stride, the output rows q, q − 1, …: an ordinary window of stride 1 over the output gradients,
 * turned round. The same holds for columns; each pair of remainders is a {@link Phase}.
 */
public final class GradientWindow {
    /** A band with zeros around it. */
    private static final Scratch.Floats COPY = new Scratch.Floats();

    /**
     * The input pixels that see the same places of the window.
     *
     * @param row remainder of the row
     * @param column remainder of the column
     * @param tapRows how many rows of the window they see, may be 0
     * @param tapColumns how many columns of the window they see, may be 0
     * @param firstTap how many taps the phases before this one have, which is where its packed weights begin
     */
    public record Phase(int row, int column, int tapRows, int tapColumns, int firstTap) {
        public int taps() {
            return tapRows * tapColumns;
        }

        /** The tap, counted within this phase, that reads through a place of the window. */
        public int tapOf(int place, ConvolutionShape shape) {
            int placeRow = place / shape.kernelWidth();
            int placeColumn = place % shape.kernelWidth();
            int tapRow = tapRows - 1 - (placeRow - row) / shape.stride();
            int tapColumn = tapColumns - 1 - (placeColumn - column) / shape.stride();
            return tapRow * tapColumns + tapColumn;
        }
    }

    private final ConvolutionShape shape;
    private final Bands bands;
    private final List<Phase> phases;
    private final boolean inPlace;
    private final int channels;
    private final int reachRows;
    private final int reachColumns;
    private final int left;
    private final int bandWidth;

    private GradientWindow(ConvolutionShape shape) {
        this.shape = shape;
        this.inPlace =
                shape.kernelHeight() == 1 && shape.kernelWidth() == 1 && shape.padding() == 0 && shape.groups() == 1;
        this.channels = shape.outChannels() / shape.groups();
        int stride = shape.stride();
        this.reachRows = Math.ceilDiv(shape.kernelHeight(), stride);
        this.reachColumns = Math.ceilDiv(shape.kernelWidth(), stride);
        this.left = inPlace ? 0 : shape.padding() / stride - (reachColumns - 1);
        this.bandWidth = inPlace ? shape.outWidth() : (shape.width() - 1 + shape.padding()) / stride - left + 1;
        this.phases = phases(shape);
        int stepFloats = Math.max(1, bandWidth * channels / stride);
        this.bands = Bands.of(shape.batch(), shape.height(), stepFloats, shape.width());
    }

    public static GradientWindow of(ConvolutionShape shape) {
        return new GradientWindow(shape);
    }

    private static List<Phase> phases(ConvolutionShape shape) {
        var phases = new ArrayList<Phase>();
        int taps = 0;
        for (int row = 0; row < shape.stride(); row++) {
            for (int column = 0; column < shape.stride(); column++) {
                int tapRows = Math.ceilDiv(Math.max(0, shape.kernelHeight() - row), shape.stride());
                int tapColumns = Math.ceilDiv(Math.max(0, shape.kernelWidth() - column), shape.stride());
                phases.add(new Phase(row, column, tapRows, tapColumns, taps));
                taps += tapRows * tapColumns;
            }
        }
        return List.copyOf(phases);
    }

    public Bands bands() {
        return bands;
    }

    /** Whether windows are read where they are, not in a copy. */
    public boolean isInPlace() {
        return inPlace;
    }

    public List<Phase> phases() {
        return phases;
    }

    /** The phase whose pixels see a place of the window. */
    public Phase phaseOf(int place) {
        int row = place / shape.kernelWidth() % shape.stride();
        int column = place % shape.kernelWidth() % shape.stride();
        return phases.get(row * shape.stride() + column);
    }

    /** From one row of the window to the next. */
    public int tapStride() {
        return bandWidth * channels;
    }

    /** How long an index array must be. */
    public int mostRows() {
        return bands.mostRows() * shape.width() + VectorProduct.MOST_TILE_ROWS;
    }

    /** The first output row that a band's copy holds; may be outside. */
    private int top(int band) {
        return (bands.firstRow(band) + shape.padding()) / shape.stride() - (reachRows - 1);
    }

    private int gradientRows(int band) {
        return (bands.endRow(band) - 1 + shape.padding()) / shape.stride() - top(band) + 1;
    }

    /** The array in which a band's windows are read: the gradients themselves or a copy with zeros around it. */
    public float[] read(int band, int group, float[] dy, Scratch scratch) {
        if (inPlace) {
            return dy;
        }
        int images = bands.endImage(band) - bands.firstImage(band);
        int rows = gradientRows(band);
        float[] copy = scratch.get(COPY, images * rows * tapStride());
        var margin = new Halo(shape.outHeight(), shape.outWidth(), shape.outChannels(), group * channels, channels);
        for (int image = 0; image < images; image++) {
            margin.copy(
                    dy,
                    bands.firstImage(band) + image,
                    top(band),
                    left,
                    rows,
                    bandWidth,
                    copy,
                    image * rows * tapStride());
        }
        return copy;
    }

    /**
     * Writes, for each of the band's input pixels of one phase, where its window of output gradients begins and where its
     * own gradient goes; returns how many there are.
     */
    public int rows(int band, Phase phase, int[] rows, int[] outs) {
        int stride = shape.stride();
        int padding = shape.padding();
        int firstRow = bands.firstRow(band);
        int endRow = bands.endRow(band);
        int imageFloats = inPlace ? shape.outHeight() * tapStride() : gradientRows(band) * tapStride();
        int start = inPlace ? bands.firstImage(band) * imageFloats : 0;
        int bandTop = inPlace ? 0 : top(band);
        int y0 = firstRow + Math.floorMod(phase.row() - firstRow - padding, stride);
        int x0 = Math.floorMod(phase.column() - padding, stride);
        int count = 0;
        for (int image = bands.firstImage(band); image < bands.endImage(band); image++) {
            for (int y = y0; y < endRow; y += stride) {
                int windowRow = (y + padding) / stride - (phase.tapRows() - 1) - bandTop;
                for (int x = x0; x < shape.width(); x += stride) {
                    int windowColumn = (x + padding) / stride - (phase.tapColumns() - 1) - left;
                    rows[count] = start + windowRow * tapStride() + windowColumn * channels;
                    outs[count++] = ((image * shape.height() + y) * shape.width() + x) * shape.inChannels();
                }
            }
            start += imageFloats;
        }
        return count;
    }
}
