package org.resnet4j.kernel;

import org.resnet4j.parallel.Workers;

/** The fully connected layer: {@code y [rows, out] = x [rows, in] · w [in, out] + bias [out]}. */
public interface LinearKernel {
    /** Writes {@code y}. */
    void forward(int rows, int in, int out, float[] x, float[] w, float[] bias, float[] y, Workers workers);

    /** Writes {@code dx = dy · wᵀ}. */
    void backwardData(int rows, int in, int out, float[] dy, float[] w, float[] dx, Workers workers);

    /** Adds {@code xᵀ · dy} to {@code dw} and the column sums of {@code dy} to {@code dBias}. */
    void backwardWeights(int rows, int in, int out, float[] x, float[] dy, float[] dw, float[] dBias, Workers workers);
}
