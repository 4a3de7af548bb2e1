package org.resnet4j.kernel;

import org.resnet4j.parallel.Workers;

/** Elementwise ReLU, addition and multiplication. */
public interface ElementwiseKernel {
    /** Computes {@code y = max(0, x)}; {@code y} may be {@code x}. */
    void relu(int size, float[] x, float[] y, Workers workers);

    /** Computes {@code dx = dy where y > 0, else 0}; {@code dx} may be {@code dy}. */
    void reluBackward(int size, float[] y, float[] dy, float[] dx, Workers workers);

    /** Computes {@code y += x}. */
    void add(int size, float[] x, float[] y, Workers workers);

    /** Computes {@code y *= x}. */
    void multiply(int size, float[] x, float[] y, Workers workers);
}
