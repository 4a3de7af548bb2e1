package org.resnet4j.kernel;

import org.resnet4j.parallel.Workers;

/** One step of an optimiser over one parameter, in one pass; PyTorch's formulas, order of operations included. */
public interface UpdateKernel {
    /**
     * Stochastic gradient descent with momentum:
     * {@code g = dw + decay·w; v = momentum·v + g; w −= rate·(nesterov ? g + momentum·v : v)}.
     *
     * @param velocity v, zeros before the first step
     */
    void sgd(
            int size,
            float[] w,
            float[] dw,
            float[] velocity,
            float rate,
            float momentum,
            float decay,
            boolean nesterov,
            Workers workers);

    /**
     * Adam with decoupled weight decay (Loshchilov and Hutter, 2019): {@code w −= rate·decay·w; m = β1·m + (1−β1)·dw;
     * v = β2·v + (1−β2)·dw²; w −= rate/(1−β1ᵗ) · m / (sqrt(v)/sqrt(1−β2ᵗ) + ε)}.
     *
     * @param step t, counted from 1
     */
    void adamW(
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
            Workers workers);
}
