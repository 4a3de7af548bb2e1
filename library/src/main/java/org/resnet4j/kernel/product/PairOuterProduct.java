package org.resnet4j.kernel.product;

/**
 * The outer product of bfloat16 numbers. Each 32-bit element of its inputs and gradients has the numbers of two pixels in
 * one channel, that of the first pixel in the lower half, so what it takes for a pixel is two of them. Both products are
 * added to the float of the sum, that of the second pixel first, with one rounding each; denormal numbers count as zero.
 */
public interface PairOuterProduct extends OuterProduct {
    /**
     * Zips pixels whose elements are {@link org.resnet4j.kernel.BFloat16Pairs}, two at a time: the first with the second,
     * the third with the fourth. A last pixel without partner is zipped with zeros.
     *
     * @param pairs the pixels; {@code depth} counts floats. The array of rows continues beyond an odd count.
     * @param target receives a row for each two pixels: twice as many elements as a pixel has floats, and zeros up to a
     *     multiple of 16
     * @param at the start of the first row
     * @param stride the distance of two rows
     */
    void zip(Inputs pairs, float[] target, int at, int stride);
}
