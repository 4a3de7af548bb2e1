package org.resnet4j.kernel;

import org.resnet4j.parallel.Workers;

/**
 * Kernels for bfloat16 numbers, which are the elements of arrays of {@code short}. Sums are computed in float32: each
 * product is added with one rounding, in the order of {@link BFloat16#order}. Every implementation computes the same
 * bits.
 */
public interface BFloat16Kernel {
    /** Returns the display name: {@code "machine code, AVX-512 BF16"}, {@code "vector, 512 bit"} or {@code "scalar"}. */
    String name();

    /**
     * Packs the weights of a convolution. The packed convolution also computes any other batch, height and width.
     *
     * @param shape the shape; its padding is read from the halo of the input
     * @param weights not retained
     * @throws IllegalArgumentException if the weights do not fit the shape
     */
    BFloat16Convolution pack(ConvolutionShape shape, BFloat16Weights weights);

    /**
     * Computes max pooling. Padding is never the maximum; NaN always is.
     *
     * @param places the layouts, without a residual
     * @param y the output, another array than {@code x}; its halo is not written
     */
    void maxPool(PaddedPlaces places, short[] x, short[] y, Workers workers);

    /** Rounds adjacent floats, as {@link BFloat16#of} does. */
    void round(float[] from, int source, short[] to, int target, int count);
}
