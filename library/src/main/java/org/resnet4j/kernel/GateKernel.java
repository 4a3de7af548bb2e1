package org.resnet4j.kernel;

import org.jspecify.annotations.Nullable;
import org.resnet4j.parallel.Workers;

/**
 * Values weighed by gates. Channels image by image: {@code y = activation(x · g + s)} over {@code x [images, pixels, channels]}
 * with a gate for each channel of each image, {@code g [images, channels]}; or each element by a gate of its own
 * ({@link #mix}).
 */
public interface GateKernel {
    /**
     * Writes {@code y}.
     *
     * @param residual s, or null for zero
     * @param relu whether ReLU follows
     */
    void forward(
            int images,
            int pixels,
            int channels,
            float[] x,
            float[] gates,
            float @Nullable [] residual,
            boolean relu,
            float[] y,
            Workers workers);

    /**
     * Writes the gradient to the gates, the sums of {@code x · d} over the pixels with {@code d = dy where y > 0, else 0}.
     *
     * @param y the result; null where no ReLU followed, and d is dy
     * @param dy becomes d, the gradient to the residual
     */
    void backwardGates(
            int images,
            int pixels,
            int channels,
            float[] x,
            float @Nullable [] y,
            float[] dy,
            float[] dGates,
            Workers workers);

    /**
     * Writes {@code dx = d · g + dMeans / pixels}: what comes through the gates, and through the means that they are made from.
     *
     * @param d as {@link #backwardGates} left it
     * @param dMeans {@code [images, channels]}
     */
    void backwardData(
            int images,
            int pixels,
            int channels,
            float[] d,
            float[] gates,
            float[] dMeans,
            float[] dx,
            Workers workers);

    /** {@code x[image, i] *= factors[image]}, in place, over {@code x [images, size]}. */
    void scale(int images, int size, float[] factors, float[] x, Workers workers);

    /**
     * Writes {@code y = g · f + (1 − g) · s}, or {@code y = f + (1 − g) · s}, with a gate for each element.
     *
     * @param both whether f is weighed as well
     * @param y may be f or s
     */
    void mix(int size, float[] f, float[] s, float[] gates, boolean both, float[] y, Workers workers);

    /**
     * Writes the gradients of {@link #mix} where the gates are {@code g = sigmoid(z)}.
     *
     * @param d the gradient to y; becomes that to s
     * @param df the gradient to f
     * @param dz the gradient to z; may be the gates
     */
    void mixBackward(
            int size,
            float[] f,
            float[] s,
            float[] gates,
            boolean both,
            float[] d,
            float[] df,
            float[] dz,
            Workers workers);

    /** {@code x = 1 / (1 + exp(−x))}, in place. */
    void sigmoid(int size, float[] x, Workers workers);

    /** {@code dg = dg · g · (1 − g)}, in place: from the gradient to a sigmoid's result to that to its argument. */
    void sigmoidBackward(int size, float[] gates, float[] dGates);
}
