package org.resnet4j.kernel;

/**
 * One implementation of all the arithmetic.
 *
 * @param name for people: {@code "vector, 512 bit"} or {}@code "scalar"}
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
        UpdateKernel update) {}
