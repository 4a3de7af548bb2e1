package org.resnet4j.kernel;

/**
 * The kernels for feature maps of one number format.
 *
 * <p>In float32, an array holds the numbers themselves. In bfloat16 it holds {@link BFloat16Pairs}; the number of
 * channels is even, and indices and sizes still count numbers. In both formats, weights, statistics, the means of whole
 * images ({@link PoolingKernel#averageForward}) and the gradients of all of these are floats.
 *
 * @param name a display name; sets of one name compute the same bits
 */
public record MapKernels(
        String name,
        ConvolutionKernel convolution,
        NormalizationKernel normalization,
        ElementwiseKernel elementwise,
        PoolingKernel pooling) {}
