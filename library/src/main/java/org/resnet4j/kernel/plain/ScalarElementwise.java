package org.resnet4j.kernel.plain;

import org.resnet4j.kernel.ElementwiseKernel;
import org.resnet4j.parallel.ElementChunks;
import org.resnet4j.parallel.Workers;

/** Elementwise arithmetic in plain loops. */
public final class ScalarElementwise implements ElementwiseKernel {
    @Override
    public void relu(int size, float[] x, float[] y, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] = Math.max(0f, x[i]);
            }
        });
    }

    @Override
    public void reluBackward(int size, float[] y, float[] dy, float[] dx, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            for (int i = from; i < to; i++) {
                dx[i] = y[i] > 0 ? dy[i] : 0;
            }
        });
    }

    @Override
    public void add(int size, float[] x, float[] y, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] += x[i];
            }
        });
    }

    @Override
    public void multiply(int size, float[] x, float[] y, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            for (int i = from; i < to; i++) {
                y[i] *= x[i];
            }
        });
    }
}
