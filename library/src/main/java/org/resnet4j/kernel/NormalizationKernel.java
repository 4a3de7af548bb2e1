package org.resnet4j.kernel;

import org.jspecify.annotations.Nullable;
import org.resnet4j.parallel.Workers;

/**
 * Batch normalization over NHWC, with the addition of a shortcut and ReLU in the same pass (Ioffe and Szegedy, 2015).
 *
 * <p>For each channel: {@code y = (x − E[x]) / sqrt(Var[x] + ε) · γ + β}, with the biased variance (divided by the
 * number of pixels). Tensors are {@code [pixels, channels]} row-major, with pixels = N·H·W; vectors have
 * {@code channels} floats. {@code inverseDeviation} is {@code 1 / sqrt(Var[x] + ε)}.
 */
public interface NormalizationKernel {
    /** Computes the mean and the biased variance of each channel. */
    void statistics(int pixels, int channels, float[] x, float[] mean, float[] variance, Workers workers);

    /**
     * Computes {@code y = x·scale + shift (+ residual)}, then max(0, ·) if {@code relu}. For normalization,
     * {@code scale = γ·inverseDeviation} and {@code shift = β − mean·scale}.
     *
     * @param affine scale and shift, {@code [2, channels]}
     * @param residual added before ReLU, {@code [pixels, channels]}, or null
     * @param y may be {@code x} itself
     */
    void apply(
            int pixels,
            int channels,
            float[] x,
            float[] affine,
            float @Nullable [] residual,
            Activation activation,
            float[] y,
            Workers workers);

    /**
     * The forward pass that a gradient belongs to, with the arguments of {@link #apply}.
     *
     * @param y the result if a residual was added, whose gradient is nonzero where y &gt; 0; null if no residual was
     *     added, because y can then be computed from x
     * @param activation followed
     */
    record Forward(
            int pixels,
            int channels,
            float[] x,
            float[] mean,
            float[] inverseDeviation,
            float[] affine,
            float @Nullable [] y,
            Activation activation) {}

    /**
     * The arrays of a backward pass.
     *
     * @param dy the gradient of the result; if {@link Forward#y} is given, it becomes the gradient of the residual,
     *     which is zero where ReLU is inactive
     * @param dx receives the input gradient; may be {@code x} or, without {@code y}, {@code dy}
     * @param dGamma the gradient of the scale, added to
     * @param dBeta the gradient of the shift, added to
     * @param means {@code [2, channels]}, receives the means over dy and over x that are subtracted in the input
     *     gradient
     */
    record Backward(float[] dy, float[] dx, float[] dGamma, float[] dBeta, float[] means) {}

    /**
     * Begins the backward pass of {@link #apply} after normalization by the statistics of the batch: adds to
     * {@code dGamma} and {@code dBeta}.
     *
     * @return computes {@code dx} from the other arrays, which must not change until then
     */
    LateGradient beginBackward(Forward forward, Backward backward, Workers workers);
}
