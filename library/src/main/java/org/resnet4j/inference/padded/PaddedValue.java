package org.resnet4j.inference.padded;

import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.parallel.Workers;

/**
 * The number format of a value between two steps, and the pixels around its images.
 *
 * @param <A> the arrays that hold the numbers
 */
public interface PaddedValue<A> {
    /** Returns the pixels around an image that its readers need. */
    int halo();

    /** Returns the layout of images. */
    PaddedImages layout(int batch, int height, int width, int channels);

    /** Returns an array of zeros. */
    A create(int length);

    /** Returns the length of an array. */
    int length(A array);

    /** Sets elements {@code from} to {@code to - 1} to the number zero. */
    void fill(A array, int from, int to);

    /**
     * Converts images in float32. The halo is not written.
     *
     * @param broken receives true for each image with a number that is not finite, if the format cannot hold it
     */
    void fromFloats(float[] from, PaddedImages layout, A to, boolean[] broken, Workers workers);

    /** Converts to images in float32. */
    void toFloats(A from, PaddedImages layout, float[] to, Workers workers);

    /** Sets the pixels around the images to zero. */
    default void fillHalo(PaddedImages layout, A array) {
        if (halo() == 0) {
            return;
        }
        int side = halo() * layout.pixelLength();
        for (int image = 0; image < layout.batch(); image++) {
            int start = image * layout.imageLength();
            int first = start + layout.position(0, 0);
            int end = first + (layout.height() - 1) * layout.rowLength() + layout.width() * layout.pixelLength();
            fill(array, start, first);
            for (int row = 1; row < layout.height(); row++) {
                int gap = first + row * layout.rowLength() - 2 * side;
                fill(array, gap, gap + 2 * side);
            }
            fill(array, end, start + layout.imageLength());
        }
    }
}
