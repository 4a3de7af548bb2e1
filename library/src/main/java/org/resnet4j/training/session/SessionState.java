package org.resnet4j.training.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;

/**
 * Everything a session needs to resume with the same bits: weights, buffers, optimizer state, moving averages.
 *
 * @param tensors tensors by name, in a fixed order, in the layouts of the session that created them
 * @param counters numbers by name, such as the optimizer's steps
 */
public record SessionState(StateDict tensors, Map<String, Long> counters) {
    public SessionState {
        counters = Collections.unmodifiableMap(new LinkedHashMap<>(counters));
    }

    /** Returns a copy with its own tensors, which further training does not change. */
    public SessionState copy() {
        var copies = new StateDict();
        tensors.tensors().forEach((name, tensor) -> copies.put(name, tensor.copy()));
        return new SessionState(copies, counters);
    }

    /**
     * Checks that this state has the names and shapes of another one.
     *
     * @throws IllegalArgumentException naming the first tensor or counter that differs
     */
    void requireFits(SessionState expected) {
        for (Map.Entry<String, Tensor> entry : expected.tensors.tensors().entrySet()) {
            Tensor mine = tensors.get(entry.getKey());
            if (mine == null) {
                throw new IllegalArgumentException("the saved state lacks the tensor " + entry.getKey());
            }
            if (!mine.shape().equals(entry.getValue().shape())) {
                throw new IllegalArgumentException("the saved state has " + entry.getKey() + " of shape " + mine.shape()
                        + ", expected " + entry.getValue().shape());
            }
        }
        for (String name : tensors.tensors().keySet()) {
            if (expected.tensors.get(name) == null) {
                throw new IllegalArgumentException("the saved state has the unknown tensor " + name);
            }
        }
        if (!counters.keySet().equals(expected.counters.keySet())) {
            throw new IllegalArgumentException("the saved state has the counters " + counters.keySet() + ", expected "
                    + expected.counters.keySet());
        }
    }

    long counter(String name) {
        Long value = counters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the saved state lacks the counter " + name);
        }
        return value;
    }

    public void copyTo(String name, Tensor target) {
        Tensor saved = tensors.get(name);
        if (saved == null) {
            throw new IllegalArgumentException("the saved state lacks the tensor " + name);
        }
        System.arraycopy(saved.array(), 0, target.array(), 0, target.size());
    }

    /** Builder of a state from views. */
    public static final class Builder {
        private final StateDict tensors = new StateDict();
        private final Map<String, Long> counters = new LinkedHashMap<>();

        public void tensor(String name, Tensor tensor) {
            tensors.put(name, tensor);
        }

        void counter(String name, long value) {
            counters.put(name, value);
        }

        public SessionState build() {
            return new SessionState(tensors, counters);
        }
    }
}
