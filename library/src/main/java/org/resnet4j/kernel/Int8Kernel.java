package org.resnet4j.kernel;

/**
 * Convolution of unsigned bytes with signed weights, summed as integers. Every implementation computes the same bits.
 */
public interface Int8Kernel {
    /** Returns the display name: {@code "avx512-vnni"}, {@code "vector, 512 bit"} or {@code "scalar"}. */
    String name();

    /**
     * Packs the weights of a convolution. The packed convolution also computes any other batch, height and width.
     *
     * @param shape the shape; its padding is read from the halo of the input
     * @param weights not retained
     * @throws IllegalArgumentException if the weights do not fit the shape
     */
    Int8Convolution pack(ConvolutionShape shape, Int8Weights weights);

    /** Returns the bytes that a packed weight takes. */
    int weightBytes();

    /** Returns the kernel of everything that is not a convolution. */
    Int8MapKernel maps();
}
