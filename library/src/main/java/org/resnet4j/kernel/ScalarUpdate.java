package org.resnet4j.kernel;

import org.resnet4j.parallel.Workers;

/** Optimiser steps in plain loops, which the compiler vectorises by itself; memory is the limit. */
final class ScalarUpdate implements UpdateKernel {
    @Override
    public void sgd(
            int size,
            float[] w,
            float[] dw,
            float[] velocity,
            float rate,
            float momentum,
            float decay,
            boolean nesterov,
            Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            for (int i = from; i < to; i++) {
                float gradient = dw[i] + decay * w[i];
                float v = momentum * velocity[i] + gradient;
                velocity[i] = v;
                w[i] -= rate * (nesterov ? gradient + momentum * v : v);
            }
        });
    }

    @Override
    public void adamW(
            int size,
            float[] w,
            float[] dw,
            float[] m,
            float[] v,
            int step,
            float rate,
            float beta1,
            float beta2,
            float epsilon,
            float decay,
            Workers workers) {
        float stepSize = (float) (rate / (1 - Math.pow(beta1, step)));
        float correction = (float) Math.sqrt(1 - Math.pow(beta2, step));
        ElementChunks.run(size, workers, (from, to) -> {
            for (int i = from; i < to; i++) {
                float gradient = dw[i];
                m[i] = beta1 * m[i] + (1 - beta1) * gradient;
                v[i] = beta2 * v[i] + (1 - beta2) * gradient * gradient;
                w[i] = w[i] * (1 - rate * decay) - stepSize * m[i] / ((float) Math.sqrt(v[i]) / correction + epsilon);
            }
        });
    }
}
