package org.resnet4j.kernel;

import org.resnet4j.parallel.Workers;

/**
 * Convolution and its two gradients; see {@link ConvolutionShape} for the shapes. Arrays may be longer than required.
 *
 * <p>With o for output pixels, t for window positions, and c and k for input and output channels: {@code y[o,k] = Σ
 * x[o·stride + t − padding, c] · w[t,c,k]}.
 */
public interface ConvolutionKernel {
    /** Writes {@code y}. */
    void forward(ConvolutionShape shape, float[] x, float[] w, float[] y, Workers workers);

    /**
     * Writes {@code dx}, the input gradient.
     *
     * @param accumulation replaces {@code dx}, or adds to what it holds: the gradient of another path
     */
    void backwardData(
            ConvolutionShape shape, float[] dy, float[] w, float[] dx, Accumulation accumulation, Workers workers);

    /** Adds the weight gradient to {@code dw}. */
    default void backwardWeights(ConvolutionShape shape, float[] x, float[] dy, float[] dw, Workers workers) {
        backwardWeights(shape, x, dy, LateGradient.THERE, dw, workers);
    }

    /**
     * Adds the weight gradient to {@code dw}.
     *
     * @param late computes {@code dy} on demand; {@code dy} is complete afterwards
     */
    void backwardWeights(ConvolutionShape shape, float[] x, float[] dy, LateGradient late, float[] dw, Workers workers);
}
