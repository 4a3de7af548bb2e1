package org.resnet4j.kernel;

/**
 * One complete set of kernels. Kernels that are limited by memory have a single implementation, which all sets share.
 *
 * @param name a display name: {@code "vector, 512 bit"} or {@code "scalar"}; sets of one name compute the same bits
 */
public record Kernels(
        String name,
        ConvolutionKernel convolution,
        PredictionKernel prediction,
        NormalizationKernel normalization,
        ElementwiseKernel elementwise,
        PoolingKernel pooling) {
    private static final GateKernel GATE = new GateKernel();
    private static final LossKernel LOSS = new LossKernel();
    private static final UpdateKernel UPDATE = new UpdateKernel();

    /** Returns the kernel of the fully connected layer, which uses the convolution of this set. */
    public LinearKernel linear() {
        return new LinearKernel(convolution);
    }

    /** Returns the kernel of gates. */
    public GateKernel gate() {
        return GATE;
    }

    /** Returns the kernel of softmax and cross-entropy. */
    public LossKernel loss() {
        return LOSS;
    }

    /** Returns the kernel of optimizer steps. */
    public UpdateKernel update() {
        return UPDATE;
    }
}
