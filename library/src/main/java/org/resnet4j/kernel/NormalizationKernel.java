package org.resnet4j.kernel;

import org.jspecify.annotations.Nullable;
import org.resnet4j.parallel.Workers;

/**
 * Batch normalization over NHWC, with the addition of a shortcut and ReLU in the same pass (Ioffe and Szegedy, 2015).
 *
 * <p>For each channel: {@code y = (x − E[x]) / sqrt(Var[x] + ε) · γ + β}, the variance biased (divided by the number of
 * pixels). Tensors are {@code [pixels, channels]} row-major, with pixels = N·H·W; vectors have {@code channels} floats.
 * {@code inverseDeviation} is {@code 1 / sqrt(Var[x] + ε)}.
 */
public interface NormalizationKernel {
    /** Writes the mean and the biased variance of each channel. */
    void statistics(int pixels, int channels, float[] x, float[] mean, float[] variance, Workers workers);

    /**
     * Writes {@code y = x·scale + shift (+ residual)}, then max(0, ·) if {@code relu}. Normalization by any statistics
     * is {@code scale = γ·inverseDeviation} and {@code shift = β − mean·scale}.
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
            boolean relu,
            float[] y,
            Workers workers);

    /**
     * The forward pass that a gradient goes back through, as {@link #apply} had it.
     *
     * @param y the result where a residual was added: gradient flows where y &gt; 0; null where none was added and y can be had
     *     from x
     * @param relu true if ReLU followed
     */
    record Forward(
            int pixels,
            int channels,
            float[] x,
            float[] mean,
            float[] inverseDeviation,
            float[] affine,
            float @Nullable [] y,
            boolean relu) {}

    /**
     * The arrays of a backward pass.
     *
     * @param dy the gradient to the result; where {@link Forward#y} is given it becomes the gradient to the residual, zero where
     *     ReLU lets none through
     * @param dx receives the gradient to the input; may be {@code x}; or, without {@code y}, {@code dy}
     * @param dGamma the gradient to the scale, added to
     * @param dBeta the gradient to the shift, added to
     * @param means {@code [2, channels]}, receives what the gradient to x takes from dy and from x on average
     */
    record Backward(float[] dy, float[] dx, float[] dGamma, float[] dBeta, float[] means) {}

    /**
     * Begins the gradient through {@link #apply} after normalization by the batch's own statistics: adds to {@code dGamma} and
     * {@code dBeta}.
     *
     * @return computes {@code dx} from the other arrays, which must stay as they are until then
     */
    LateGradient beginBackward(Forward forward, Backward backward, Workers workers);
}
