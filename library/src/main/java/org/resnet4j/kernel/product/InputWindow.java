package org.resnet4j.kernel.product;

import java.util.Arrays;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.parallel.Scratch;

/**
 * The input of a convolution as seen by its windows: bands of output rows, and for every output pixel the start index
 * of its window.
 */
public final class InputWindow {
    /** A band with zeros around it. */
    private static final Scratch.Floats COPY = new Scratch.Floats();

    private final ConvolutionShape shape;
    private final Bands bands;
    private final boolean inPlace;
    private final int channels;
    private final int bandWidth;

    private InputWindow(ConvolutionShape shape, boolean inPlace, int fewestBands, int fewestPixels) {
        this.shape = shape;
        this.inPlace = inPlace;
        this.channels = shape.inChannels() / shape.groups();
        this.bandWidth = inPlace ? shape.width() : (shape.outWidth() - 1) * shape.stride() + shape.kernelWidth();
        int stepFloats = shape.stride() * bandWidth * channels;
        this.bands = Bands.of(shape.batch(), shape.outHeight(), stepFloats, shape.outWidth(), fewestPixels)
                .atLeast(fewestBands);
    }

    static InputWindow of(ConvolutionShape shape) {
        return of(shape, 1);
    }

    /**
     * Returns the window of {@link #of(ConvolutionShape)} with at least {@code fewestBands} bands, as far as the image
     * has rows.
     */
    static InputWindow of(ConvolutionShape shape, int fewestBands) {
        return new InputWindow(shape, canBeInPlace(shape), fewestBands, Bands.FEWEST_PIXELS);
    }

    /** Returns the window of {@link #of(ConvolutionShape)} with bands of at least some pixels, if there are as many. */
    public static InputWindow withPixels(ConvolutionShape shape, int fewestPixels) {
        return new InputWindow(shape, canBeInPlace(shape), 1, fewestPixels);
    }

    /** Returns the window of {@link #of}, except that the tiles of these panels may read beyond the end of a window. */
    public static InputWindow forWeights(ConvolutionShape shape, Panels panels) {
        boolean staysInside = panels.outerTilesCover(shape.kernelWidth() * shape.inChannels());
        return new InputWindow(shape, canBeInPlace(shape) && staysInside, 1, Bands.FEWEST_PIXELS);
    }

    private static boolean canBeInPlace(ConvolutionShape shape) {
        return shape.padding() == 0 && shape.groups() == 1;
    }

    public Bands bands() {
        return bands;
    }

    /** Returns true if windows are read in place, false if they are read in a copy. */
    public boolean isInPlace() {
        return inPlace;
    }

    /** Returns the distance between two rows of the window. */
    public int tapStride() {
        return bandWidth * channels;
    }

    /** Returns the number of floats of one row of the window. */
    public int tapLength() {
        return shape.kernelWidth() * channels;
    }

    /** Returns the required length of an index array. */
    public int mostRows() {
        return bands.mostRows() * shape.outWidth() + Product.MOST_TILE_ROWS;
    }

    /** Returns the number of input rows that the output rows of a band see. */
    private int inputRows(int band) {
        return (bands.endRow(band) - bands.firstRow(band) - 1) * shape.stride() + shape.kernelHeight();
    }

    /** Returns the array in which a band's windows are read: the input itself or a copy with zeros around it. */
    public float[] read(int band, int group, float[] x, Scratch scratch) {
        if (inPlace) {
            return x;
        }
        int images = bands.endImage(band) - bands.firstImage(band);
        int rows = inputRows(band);
        int size = images * rows * tapStride();
        float[] copy = scratch.get(COPY, size + Product.MOST_TILE_ROWS);
        int top = bands.firstRow(band) * shape.stride() - shape.padding();
        var margin = new Halo(shape.height(), shape.width(), shape.inChannels(), group * channels, channels);
        for (int image = 0; image < images; image++) {
            margin.copy(
                    x,
                    bands.firstImage(band) + image,
                    top,
                    -shape.padding(),
                    rows,
                    bandWidth,
                    copy,
                    image * rows * tapStride());
        }
        Arrays.fill(copy, size, size + Product.MOST_TILE_ROWS, 0f);
        return copy;
    }

    /**
     * Writes the start index of the window of each of the band's output pixels, and returns the number of these pixels.
     */
    public int rows(int band, int[] rows) {
        int stride = shape.stride();
        int firstRow = bands.firstRow(band);
        int outRows = bands.endRow(band) - firstRow;
        int imageFloats = inPlace ? shape.height() * tapStride() : inputRows(band) * tapStride();
        int start = inPlace ? bands.firstImage(band) * imageFloats + firstRow * stride * tapStride() : 0;
        int count = 0;
        for (int image = bands.firstImage(band); image < bands.endImage(band); image++) {
            for (int row = 0; row < outRows; row++) {
                int at = start + row * stride * tapStride();
                for (int column = 0; column < shape.outWidth(); column++) {
                    rows[count++] = at + column * stride * channels;
                }
            }
            start += imageFloats;
        }
        return count;
    }
}
