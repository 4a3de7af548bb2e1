package org.resnet4j.kernel;

/**
 * One implementation of all the arithmetic. What moves memory and hardly computes has a single implementation, which all
 * share.
 *
 * @param name for people: {@code "vector, 512 bit"} or {@code "scalar"}
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

    /** The fully connected layer, by the convolution of these kernels. */
    public LinearKernel linear() {
        return new LinearKernel(convolution);
    }

    /** Values weighed by gates. */
    public GateKernel gate() {
        return GATE;
    }

    /** Softmax and cross-entropy. */
    public LossKernel loss() {
        return LOSS;
    }

    /** The steps of optimizers. */
    public UpdateKernel update() {
        return UPDATE;
    }
}
