package org.resnet4j.kernel;

/** Convolution for prediction. The weights are constant, so they are packed once. */
public interface PredictionKernel {
    /**
     * Packs the weights of a convolution in the fastest form for the expected shape. The packed convolution also
     * computes any other batch, height and width.
     *
     * @param expected the most frequent shape; determines the algorithm by a static rule
     * @param w {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}; not retained
     * @param bias {@code [outChannels]}; not retained
     * @param activation follows the convolution
     */
    PackedConvolution pack(ConvolutionShape expected, float[] w, float[] bias, Activation activation);

    /** Packs the weights for direct convolution regardless of the shape: ready soonest, but slower in the long run. */
    PackedConvolution packDirect(ConvolutionShape expected, float[] w, float[] bias, Activation activation);

    /** Returns the bytes that {@link #pack} will take for the weights of a convolution. */
    long packedBytes(ConvolutionShape expected);

    /** Returns true if direct convolution is as fast in the first call as later, before the JIT compiler has compiled it. */
    default boolean isFastAtOnce() {
        return false;
    }
}
