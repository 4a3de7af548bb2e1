package org.resnet4j.kernel;

import org.resnet4j.parallel.Workers;

/**
 * Convolution and its two gradients; shapes in {@link ConvolutionShape}. Arrays may be longer than needed.
 *
 * <p>With o running over output pixels, t over the window's places and c, k over input and output channels:
 * {@code y[o,k] = Σ x[o·stride + t − padding, c] · w[t,c,k]}.
 */
public interface ConvolutionKernel {
    /** Writes {@code y}. */
    void forward(ConvolutionShape shape, float[] x, float[] w, float[] y, Workers workers);

    /**
     * Writes {@code dx}, the gradient to the input.
     *
     * @param add whether to add to what {@code dx} holds: the gradient that came another way
     */
    void backwardData(ConvolutionShape shape, float[] dy, float[] w, float[] dx, boolean add, Workers workers);

    /** Adds the gradient to the weights to {@code dw}. */
    default void backwardWeights(ConvolutionShape shape, float[] x, float[] dy, float[] dw, Workers workers) {
        backwardWeights(shape, x, dy, LateGradient.THERE, dw, workers);
    }

    /**
     * Adds the gradient to the weights to {@code dw}.
     *
     * @param late computes {@code dy}, which is there afterwards
     */
    void backwardWeights(ConvolutionShape shape, float[] x, float[] dy, LateGradient late, float[] dw, Workers workers);
}
