package org.resnet4j.kernel;

/**
 * One implementation of all the arithmetic, and the lookup.
 *
 * @param name for people: {@code "vector, 512 bit"} or {@code "scalar"}
 */
public record Kernels(
        String name,
        ConvolutionKernel convolution,
        PredictionKernel prediction,
        NormalizationKernel normalization,
        ElementwiseKernel elementwise,
        PoolingKernel pooling,
        LinearKernel linear,
        GateKernel gate,
        LossKernel loss,
        UpdateKernel update) {
    private static final System.Logger LOGGER = System.getLogger(Kernels.class.getName());

    /** The module that the fast kernels need. */
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** Whether the JVM was started with the Vector API module. */
    public static boolean isVectorAvailable() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    }

    /**
     * The fastest kernels that this JVM can run: {@link #vector()} if the module is there; else, with a warning in the
     * log, {@link #scalar()}.
     */
    public static Kernels best() {
        if (isVectorAvailable()) {
            return vector();
        }
        LOGGER.log(
                System.Logger.Level.WARNING,
                "The Vector API is not available, so resnet4j computes many times slower. Start Java with"
                        + " --add-modules {0}.",
                VECTOR_MODULE);
        return scalar();
    }

    /**
     * The kernels on the Vector API.
     *
     * @throws IllegalStateException if the JVM was started without the module
     */
    public static Kernels vector() {
        if (!isVectorAvailable()) {
            throw new IllegalStateException("start Java with --add-modules " + VECTOR_MODULE);
        }
        return VectorKernels.create();
    }

    /** Plain loops: the oracle of the vector kernels, and what runs without the module. */
    public static Kernels scalar() {
        var convolution = new ScalarConvolution();
        return new Kernels(
                "scalar",
                convolution,
                new ScalarPrediction(),
                new ScalarNormalization(),
                new ScalarElementwise(),
                new ScalarPooling(),
                new ConvolutionLinear(convolution),
                new ScalarGate(),
                new ScalarLoss(),
                new ScalarUpdate());
    }
}
