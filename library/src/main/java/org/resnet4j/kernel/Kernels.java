package org.resnet4j.kernel;

import java.util.function.Supplier;

/**
 * One complete set of kernels. Kernels that are limited by memory have a single implementation, which all sets share.
 *
 * @param name a display name: {@code "vector, 512 bit"} or {@code "scalar"}; sets of one name compute the same bits
 * @param float32 the kernels for feature maps in float32
 * @param bfloat16Maps finds the kernels for feature maps in bfloat16 when they are needed
 * @param conversion from one format to the other
 */
public record Kernels(
        String name,
        MapKernels float32,
        Supplier<MapKernels> bfloat16Maps,
        ConversionKernel conversion,
        PredictionKernel prediction) {
    private static final GateKernel GATE = new GateKernel();
    private static final LossKernel LOSS = new LossKernel();
    private static final UpdateKernel UPDATE = new UpdateKernel();

    /** Creates a set whose kernels for bfloat16 exist. */
    public Kernels(
            String name,
            MapKernels float32,
            MapKernels bfloat16,
            ConversionKernel conversion,
            PredictionKernel prediction) {
        this(name, float32, () -> bfloat16, conversion, prediction);
    }

    /** Returns this set with other kernels for bfloat16, which are found when they are needed. */
    public Kernels withBFloat16(Supplier<MapKernels> other) {
        return new Kernels(name, float32, other, conversion, prediction);
    }

    /** Returns the kernels for feature maps in bfloat16. */
    public MapKernels bfloat16() {
        return bfloat16Maps.get();
    }

    /** Returns the convolution in float32. */
    public ConvolutionKernel convolution() {
        return float32.convolution();
    }

    /** Returns the normalization in float32. */
    public NormalizationKernel normalization() {
        return float32.normalization();
    }

    /** Returns the elementwise kernel in float32. */
    public ElementwiseKernel elementwise() {
        return float32.elementwise();
    }

    /** Returns pooling in float32. */
    public PoolingKernel pooling() {
        return float32.pooling();
    }

    /** Returns the kernel of the fully connected layer, which uses the convolution of this set. */
    public LinearKernel linear() {
        return new LinearKernel(convolution());
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
