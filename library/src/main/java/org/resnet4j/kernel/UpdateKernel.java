package org.resnet4j.kernel;

import java.util.List;
import org.resnet4j.parallel.Workers;

/**
 * One step of an optimiser over all tensors of a network, in one pass over memory: weight decay, momentum, the new
 * value, its moving average and a cleared gradient. PyTorch's formulas, order of operations included.
 */
public interface UpdateKernel {
    /**
     * What a step reads and writes of one tensor: arrays of {@code size} elements or more, or {@link #NONE}.
     *
     * @param value w
     * @param gradient dw, cleared by every step; none for a buffer
     * @param first SGD's velocity or Adam's first moment, zeros before the first step; none where the value stays: a frozen
     *     parameter, a buffer
     * @param second Adam's second moment, zeros before the first step; none for SGD
     * @param decay weight decay
     * @param average the moving average of the value; may be none
     */
    record Slot(
            int size, float[] value, float[] gradient, float[] first, float[] second, float decay, float[] average) {
        /** In the place of an array that a tensor does not have. */
        public static final float[] NONE = {};

        /** A tensor that no optimiser changes. */
        public static Slot fixed(int size, float[] value, float[] gradient, float[] average) {
            return new Slot(size, value, gradient, NONE, NONE, 0, average);
        }

        public boolean isTrained() {
            return first.length > 0;
        }

        public boolean hasGradient() {
            return gradient.length > 0;
        }

        public boolean isAveraged() {
            return average.length > 0;
        }
    }

    /**
     * What changes from step to step.
     *
     * @param rate the learning rate
     * @param scale a factor for the gradients; 1 leaves their bits
     * @param keep d of the moving averages: {@code average = d·average + (1 − d)·w}, with the new w
     */
    record Step(float rate, float scale, float keep) {}

    /**
     * Stochastic gradient descent with momentum:
     * {@code g = scale·dw + decay·w; v = momentum·v + g; w −= rate·(nesterov ? g + momentum·v : v)}.
     */
    void sgd(List<Slot> slots, Step step, float momentum, boolean nesterov, Workers workers);

    /**
     * Adam with decoupled weight decay (Loshchilov and Hutter, 2019): {@code g = scale·dw; w −= rate·decay·w; m = β1·m +
     * (1−β1)·g; v = β2·v + (1−β2)·g²; w −= rate/(1−β1ᵗ) · m / (sqrt(v)/sqrt(1−β2ᵗ) + ε)}.
     *
     * @param t the number of this step, from 1
     */
    void adamW(List<Slot> slots, Step step, int t, float beta1, float beta2, float epsilon, Workers workers);

    /** The sum of squares of the gradients of what is trained, in double precision and in a fixed order. */
    double sumOfSquares(List<Slot> slots, Workers workers);
}
