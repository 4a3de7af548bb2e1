package org.resnet4j.kernel;

import java.util.Arrays;
import java.util.List;
import org.resnet4j.parallel.ElementChunks;
import org.resnet4j.parallel.Workers;

/**
 * One optimizer step over all tensors of a network, in one pass over memory: weight decay, momentum, the new value, its
 * moving average and a cleared gradient. Follows PyTorch's formulas, including the order of operations.
 *
 * <p>Plain loops, which the compiler vectorizes; memory is the limit. The loops of one chunk follow each other while
 * its elements are in the cache.
 */
public final class UpdateKernel {
    /**
     * The arrays of one tensor in a step: {@code size} elements or more, or {@link #NONE}.
     *
     * @param value w
     * @param gradient dw, cleared by every step; none for a buffer
     * @param first SGD's velocity or Adam's first moment, zeros before the first step; none if the value is constant: a
     *     frozen parameter, a buffer
     * @param second Adam's second moment, zeros before the first step; none for SGD
     * @param decay weight decay
     * @param average the moving average of the value; may be none
     */
    public record Slot(
            int size, float[] value, float[] gradient, float[] first, float[] second, float decay, float[] average) {
        /** A placeholder for an array that a tensor does not have. */
        public static final float[] NONE = {};

        /** Returns a tensor that no optimizer changes. */
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
     * The numbers that differ from step to step.
     *
     * @param rate the learning rate
     * @param scale a factor for the gradients; 1 preserves their bits
     * @param keep d of the moving averages: {@code average = d·average + (1 − d)·w}, with the new w
     */
    public record Step(float rate, float scale, float keep) {}

    /** The loop of one optimizer over a range of one tensor. */
    @FunctionalInterface
    private interface Rule {
        void apply(Slot slot, int from, int to);
    }

    /**
     * Performs a step of stochastic gradient descent with momentum: {@code g = scale·dw + decay·w; v = momentum·v + g;
     * w −= rate·(nesterov ? g + momentum·v : v)}.
     */
    public void sgd(List<Slot> slots, Step step, float momentum, boolean nesterov, Workers workers) {
        float rate = step.rate();
        float scale = step.scale();
        run(slots, step, workers, (slot, from, to) -> {
            float[] w = slot.value();
            float[] dw = slot.gradient();
            float[] velocity = slot.first();
            float decay = slot.decay();
            for (int i = from; i < to; i++) {
                float gradient = scale * dw[i] + decay * w[i];
                float v = momentum * velocity[i] + gradient;
                velocity[i] = v;
                w[i] -= rate * (nesterov ? gradient + momentum * v : v);
            }
        });
    }

    /**
     * Performs a step of Adam with decoupled weight decay (Loshchilov and Hutter, 2019): {@code g = scale·dw; w −=
     * rate·decay·w; m = β1·m + (1−β1)·g; v = β2·v + (1−β2)·g²; w −= rate/(1−β1ᵗ) · m / (sqrt(v)/sqrt(1−β2ᵗ) + ε)}.
     *
     * @param t the number of this step, from 1
     */
    public void adamW(List<Slot> slots, Step step, int t, float beta1, float beta2, float epsilon, Workers workers) {
        float rate = step.rate();
        float scale = step.scale();
        float stepSize = (float) (rate / (1 - Math.pow(beta1, t)));
        float correction = (float) Math.sqrt(1 - Math.pow(beta2, t));
        run(slots, step, workers, (slot, from, to) -> {
            float[] w = slot.value();
            float[] dw = slot.gradient();
            float[] m = slot.first();
            float[] v = slot.second();
            float shrink = 1 - rate * slot.decay();
            for (int i = from; i < to; i++) {
                float gradient = scale * dw[i];
                m[i] = beta1 * m[i] + (1 - beta1) * gradient;
                v[i] = beta2 * v[i] + (1 - beta2) * gradient * gradient;
                w[i] = w[i] * shrink - stepSize * m[i] / ((float) Math.sqrt(v[i]) / correction + epsilon);
            }
        });
    }

    private static void run(List<Slot> slots, Step step, Workers workers, Rule rule) {
        float keep = step.keep();
        ElementChunks.run(sizes(slots), workers, (chunk, index, from, to) -> {
            Slot slot = slots.get(index);
            if (slot.isTrained()) {
                rule.apply(slot, from, to);
            }
            if (slot.isAveraged()) {
                average(keep, slot.value(), slot.average(), from, to);
            }
            if (slot.hasGradient()) {
                Arrays.fill(slot.gradient(), from, to, 0);
            }
        });
    }

    private static void average(float keep, float[] value, float[] average, int from, int to) {
        float take = 1 - keep;
        for (int i = from; i < to; i++) {
            average[i] = keep * average[i] + take * value[i];
        }
    }

    /** Returns the sum of squares of the gradients of all trained tensors, in double precision and in a fixed order. */
    public double sumOfSquares(List<Slot> slots, Workers workers) {
        List<Slot> trained = slots.stream().filter(Slot::isTrained).toList();
        int[] sizes = sizes(trained);
        double[] sums = new double[ElementChunks.count(sizes)];
        ElementChunks.run(
                sizes,
                workers,
                (chunk, index, from, to) ->
                        sums[chunk] += sumOfSquares(trained.get(index).gradient(), from, to));
        double sum = 0;
        for (double part : sums) {
            sum += part;
        }
        return sum;
    }

    /** Keeps four independent sums, because each addition waits for the previous one. */
    private static double sumOfSquares(float[] x, int from, int to) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = from;
        for (; i + 4 <= to; i += 4) {
            sum0 += (double) x[i] * x[i];
            sum1 += (double) x[i + 1] * x[i + 1];
            sum2 += (double) x[i + 2] * x[i + 2];
            sum3 += (double) x[i + 3] * x[i + 3];
        }
        for (; i < to; i++) {
            sum0 += (double) x[i] * x[i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    private static int[] sizes(List<Slot> slots) {
        return slots.stream().mapToInt(Slot::size).toArray();
    }
}
