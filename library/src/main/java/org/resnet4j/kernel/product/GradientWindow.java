package org.resnet4j.kernel.product;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.parallel.Scratch;

/**
 * The output gradients of a convolution as seen by its input pixels.
 *
 * <p>Input row y is seen by output row o at window row k if {@code y + padding = o·stride + k}. So all rows with the
 * same remainder r = (y + padding) mod stride see the window rows r, r + stride, … and, with q = (y + padding − r) /
 * stride, the output rows q, q − 1, …: an ordinary window of stride 1 over the output gradients, in reverse order. The
 * same holds for columns; each pair of remainders is a {@link Phase}.
 */
public final class GradientWindow {
    /** A band with zeros around it. */
    private static final Scratch.Floats COPY = new Scratch.Floats();

    /**
     * The input pixels that see the same window positions.
     *
     * @param row the remainder of the row
     * @param column the remainder of the column
     * @param tapRows the number of window rows that they see, may be 0
     * @param tapColumns the number of window columns that they see, may be 0
     * @param firstTap the number of taps of the preceding phases, which is the start of its packed weights
     */
    public record Phase(int row, int column, int tapRows, int tapColumns, int firstTap) {
        public int taps() {
            return tapRows * tapColumns;
        }

        /** Returns the tap, counted within this phase, that reads a window position. */
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

    /** Returns true if windows are read in place, false if they are read in a copy. */
    public boolean isInPlace() {
        return inPlace;
    }

    public List<Phase> phases() {
        return phases;
    }

    /** Returns the phase whose pixels see a window position. */
    public Phase phaseOf(int place) {
        int row = place / shape.kernelWidth() % shape.stride();
        int column = place % shape.kernelWidth() % shape.stride();
        return phases.get(row * shape.stride() + column);
    }

    /** Returns the distance between two rows of the window. */
    public int tapStride() {
        return bandWidth * channels;
    }

    /** Returns the required length of an index array. */
    public int mostRows() {
        return bands.mostRows() * shape.width() + Product.MOST_TILE_ROWS;
    }

    /** Returns the first output row of a band's copy; may be outside the image. */
    private int top(int band) {
        return (bands.firstRow(band) + shape.padding()) / shape.stride() - (reachRows - 1);
    }

    private int gradientRows(int band) {
        return (bands.endRow(band) - 1 + shape.padding()) / shape.stride() - top(band) + 1;
    }

    /**
     * Returns the array in which a band's windows are read: the gradients themselves or a copy with zeros around it.
     */
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
     * Writes the start of the window of output gradients and the index of the input gradient of each of the band's
     * input pixels in one phase, and returns the number of these pixels.
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
