package org.resnet4j.resnet.state;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.TensorSource;

/**
 * The state of a network in the layouts of files. A tensor is copied when it is first read, and the copy is kept until
 * another tensor is read.
 */
final class NetworkSource implements TensorSource {
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final SequencedMap<String, Supplier<Tensor>> copies = new LinkedHashMap<>();
    private @Nullable String name;
    private @Nullable Tensor copy;

    NetworkSource(ResNet network) {
        var buffers = new ArrayDeque<>(network.buffers());
        for (Parameter parameter : network.parameters()) {
            shapes.put(parameter.name(), StateLayout.fileShape(parameter));
            copies.put(parameter.name(), () -> StateLayout.toFile(parameter));
            if (parameter.role() == Parameter.Role.NORM_SHIFT) {
                putNext(buffers);
                putNext(buffers);
            }
        }
    }

    /** Adds the next buffer. The running mean and variance follow gamma and beta of the same layer. */
    private void putNext(Deque<StateBuffer> buffers) {
        StateBuffer buffer = buffers.remove();
        shapes.put(buffer.name(), buffer.value().shape());
        copies.put(buffer.name(), buffer.value()::copy);
    }

    /** Passes a copy of each tensor to a consumer, in order. */
    void forEach(BiConsumer<String, Tensor> consumer) {
        copies.forEach((key, tensor) -> consumer.accept(key, tensor.get()));
    }

    @Override
    public Map<String, Shape> shapes() {
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public void read(String tensor, int start, int count, float[] target) {
        Tensor read = copy;
        if (read == null || !tensor.equals(name)) {
            Supplier<Tensor> made = copies.get(tensor);
            if (made == null) {
                throw new IllegalArgumentException("no tensor is named " + tensor);
            }
            copy = null; // frees its memory first
            read = made.get();
            name = tensor;
            copy = read;
        }
        Objects.checkFromIndexSize(start, count, read.size());
        System.arraycopy(read.array(), start, target, 0, count);
    }
}
