package org.resnet4j.training.session;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.tensor.Tensor;

/**
 * A moving average of weights and buffers: {@code average = d·average + (1 − d)·value} at every step of the optimizer,
 * with {@code d = min(decay, (1 + t) / (10 + t))} for the t-th step, so that the random initial weights soon lose their
 * influence.
 */
final class ExponentialMovingAverage {
    private static final String UPDATES = "average.updates";

    private final double decay;
    private final List<NamedTensor> values;
    private final List<Tensor> averages = new ArrayList<>();
    private long updates;

    /** Creates an average that starts as a copy of the values. */
    ExponentialMovingAverage(double decay, List<NamedTensor> values) {
        this.decay = decay;
        this.values = List.copyOf(values);
        for (NamedTensor value : values) {
            averages.add(value.tensor().copy());
        }
    }

    /** Returns the average of the value at this index. */
    float[] array(int index) {
        return averages.get(index).array();
    }

    /** Counts a step and returns its d. */
    float next() {
        float keep = (float) Math.min(decay, (1.0 + updates) / (10.0 + updates));
        updates++;
        return keep;
    }

    /** Swaps values and averages; calling it twice restores both bit by bit. */
    void swap() {
        for (int i = 0; i < averages.size(); i++) {
            float[] average = averages.get(i).array();
            float[] value = values.get(i).tensor().array();
            for (int j = 0; j < average.length; j++) {
                float kept = average[j];
                average[j] = value[j];
                value[j] = kept;
            }
        }
    }

    void save(SessionState.Builder state) {
        state.counter(UPDATES, updates);
        for (int i = 0; i < averages.size(); i++) {
            state.tensor("average." + values.get(i).name(), averages.get(i));
        }
    }

    void restore(SessionState state) {
        updates = state.counter(UPDATES);
        for (int i = 0; i < averages.size(); i++) {
            state.copyTo("average." + values.get(i).name(), averages.get(i));
        }
    }
}
