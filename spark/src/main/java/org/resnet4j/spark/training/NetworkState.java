package org.resnet4j.spark.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.session.SessionState;
import org.resnet4j.weights.StateDict;

/** The state of a session as it travels between the driver and the executors. */
final class NetworkState implements Serializable {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Part(String name, int[] extents, float[] values) implements Serializable {}

    private final ArrayList<Part> parts = new ArrayList<>();
    private final LinkedHashMap<String, Long> counters;

    private NetworkState(Map<String, Long> counters) {
        this.counters = new LinkedHashMap<>(counters);
    }

    /** Copies a state. */
    static NetworkState of(SessionState state) {
        var copy = new NetworkState(state.counters());
        copy.add(state.tensors().tensors());
        return copy;
    }

    private void add(Map<String, Tensor> tensors) {
        tensors.forEach((name, tensor) -> {
            var extents = new int[tensor.shape().rank()];
            Arrays.setAll(extents, i -> tensor.shape().extent(i));
            parts.add(new Part(name, extents, Arrays.copyOf(tensor.array(), tensor.size())));
        });
    }

    /** Copies the weights and running statistics of a network. */
    static NetworkState of(ResNet network) {
        var copy = new NetworkState(Map.of());
        var tensors = new LinkedHashMap<String, Tensor>();
        network.parameters().forEach(parameter -> tensors.put(parameter.name(), parameter.value()));
        network.buffers().forEach(buffer -> tensors.put(buffer.name(), buffer.value()));
        copy.add(tensors);
        return copy;
    }

    /** Copies weights and running statistics to a network. */
    void copyTo(ResNet network) {
        SessionState state = toState();
        network.parameters().forEach(parameter -> state.copyTo(parameter.name(), parameter.value()));
        network.buffers().forEach(buffer -> state.copyTo(buffer.name(), buffer.value()));
    }

    /** Returns a state with the arrays of this one. */
    SessionState toState() {
        var tensors = new StateDict();
        for (Part part : List.copyOf(parts)) {
            tensors.put(part.name(), Tensor.wrap(part.values(), Shape.of(part.extents())));
        }
        return new SessionState(tensors, counters);
    }
}
