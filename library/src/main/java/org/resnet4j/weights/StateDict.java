package org.resnet4j.weights;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * Tensors by name, in order, like PyTorch's {@code state_dict()}; layouts are those of the files (convolutions OIHW).
 * Not synchronized.
 *
 * @since 0.1.0
 */
public final class StateDict implements TensorSource {
    private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();

    /**
     * Returns all tensors of a source, read one after another.
     *
     * @throws IOException if one cannot be read
     */
    public static StateDict copyOf(TensorSource source) throws IOException {
        var copy = new StateDict();
        for (Map.Entry<String, Shape> entry : source.shapes().entrySet()) {
            Tensor tensor = Tensor.zeros(entry.getValue());
            source.read(entry.getKey(), 0, tensor.size(), tensor.array());
            copy.put(entry.getKey(), tensor);
        }
        return copy;
    }

    /**
     * Adds a tensor, which is retained, not copied.
     *
     * @throws IllegalArgumentException if the name exists
     */
    public void put(String name, Tensor tensor) {
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw new IllegalArgumentException("two tensors are named " + name);
        }
    }

    /** Returns the tensor of this name, or null. */
    public @Nullable Tensor get(String name) {
        return tensors.get(name);
    }

    /** Returns all tensors by name, in order, as a read-only view. */
    public Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public Map<String, Shape> shapes() {
        var shapes = new LinkedHashMap<String, Shape>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public void read(String name, int start, int count, float[] target) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no tensor is named " + name);
        }
        Objects.checkFromIndexSize(start, count, tensor.size());
        System.arraycopy(tensor.array(), start, target, 0, count);
    }

    /** Returns the number of tensors. */
    public int size() {
        return tensors.size();
    }
}
