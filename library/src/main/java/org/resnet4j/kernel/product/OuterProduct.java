package org.resnet4j.kernel.product;

import org.resnet4j.kernel.product.Panels.Panel;
import org.resnet4j.parallel.Scratch;

/**
 * Sums of outer products over pixels, for the weight gradient: {@code sums[k, n] += Σ a[rows[r] + aOffset + k] · b[r,
 * n]} over all pixels r, in their order. All implementations for a number format compute the same bits.
 */
public interface OuterProduct {
    /**
     * The inputs of some pixels.
     *
     * @param array the inputs; up to the rows of a tile are read beyond {@code depth}
     * @param rows the start of each pixel's input
     * @param first the first of {@code count} pixels
     * @param offset the number that is added to each start
     * @param depth the floats of each pixel
     */
    record Inputs(float[] array, int[] rows, int first, int count, int offset, int depth) {}

    /**
     * The output gradients of the same pixels, for one panel of channels.
     *
     * @param offset the start of the first pixel's gradients; the next pixel's follow after {@code stride} floats
     */
    record Gradients(Panel panel, float[] array, int offset, int stride) {}

    /**
     * The sums of one panel from {@code offset}, with rows {@code stride} apart.
     *
     * @param padded true if the array has room for whole tiles, so that the rows beyond the last may be overwritten; if
     *     it has not, rows that no tile covers exactly are summed aside, and then added
     */
    record Sums(float[] array, int offset, int stride, boolean padded) {}

    /** Adds the outer products of some pixels. */
    void add(Inputs a, Gradients b, Sums sums, Scratch scratch);
}
