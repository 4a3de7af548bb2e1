package org.resnet4j.kernel;

import org.resnet4j.parallel.Workers;

/** Arithmetic on elements of the same place: ReLU, sums and products. */
public interface ElementwiseKernel {
    /** {@code y = max(0, x)}; {@code y} may be {@code x}. */
    void relu(int size, float[] x, float[] y, Workers workers);

    /** {@code dx = dy where y > 0, else 0}; {@code dx} may be {@code dy}. */
    void reluBackward(int size, float[] y, float[] dy, float[] dx, Workers workers);

    /** {@code y += x}. */
    void add(int size, float[] x, float[] y, Workers workers);

    /** {@code y *= x}. */
    void multiply(int size, float[] x, float[] y, Workers workers);
}
