package org.resnet4j.kernel;

/** Convolution for prediction: the weights are known once and for all, so they are packed once. */
public interface PredictionKernel {
    /**
     * Packs the weights of a convolution in the form that is fastest for the expected shape. The packed convolution
     * computes any other batch, height and width as well.
     *
     * @param expected what it will mostly be run on; decides the algorithm, by a static rule
     * @param w {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}; not kept
     * @param bias {@code [outChannels]}; not kept
     * @param relu whether ReLU follows
     */
    PackedConvolution pack(ConvolutionShape expected, float[] w, float[] bias, boolean relu);

    /** As {@link #pack}, by the definition whatever the shape: slower in the long run, and ready soonest. */
    PackedConvolution packDirect(ConvolutionShape expected, float[] w, float[] bias, boolean relu);
}
