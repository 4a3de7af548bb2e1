package org.resnet4j.kernel;

import org.jspecify.annotations.Nullable;
import org.resnet4j.parallel.Workers;

/**
 * Batch normalisation over NHWC, with the addition of a shortcut and ReLU in the same pass (Ioffe and Szegedy, 2015).
 *
 * <p>For each channel: {@code y = (x − E[x]) / sqrt(Var[x] + ε) · γ + β}, the variance biased (divided by the number of
 * pixels). Tensors are {@code [pixels, channels]} row-major, with pixels = N·H·W; vectors have {@code channels} floats.
 * {@code inverseDeviation} is {@code 1 / sqrt(Var[x] + ε)}.
 */
public interface NormalizationKernel {
    /** Writes the mean and the biased variance of each channel. */
    void statistics(int pixels, int channels, float[] x, float[] mean, float[] variance, Workers workers);

    /**
     * Writes {@code y = x·scale + shift (+ residual)}, then max(0, ·) if {@code relu}. Normalisation by any statistics
     * is {@code scale = γ·inverseDeviation} and {@code shift = β − mean·scale}.
     *
     * @param residual added before ReLU, {@code [pixels, channels]}, or null
     * @param y may be {@code x} itself
     */
    void apply(
            int pixels,
            int channels,
            float[] x,
            float[] scale,
            float[] shift,
            float @Nullable [] residual,
            boolean relu,
            float[] y,
            Workers workers);

    /**
     * The gradient through normalisation by the batch's own statistics. Adds to {@code dGamma} and {@code dBeta}, writes
     * {@code dx} and, where there was a residual, {@code dResidual}.
     *
     * @param y the result of {@link #apply}, read only where {@code relu} is true: gradient flows where y &gt; 0
     * @param dResidual the gradient to the residual, or null where there was none
     * @param dx may be {@code x} itself; not {@code dy}
     */
    void backward(
            int pixels,
            int channels,
            float[] x,
            float[] mean,
            float[] inverseDeviation,
            float[] gamma,
            float[] y,
            boolean relu,
            float[] dy,
            float[] dx,
            float @Nullable [] dResidual,
            float[] dGamma,
            float[] dBeta,
            Workers workers);
}
