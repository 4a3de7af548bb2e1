package org.resnet4j.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Tensor;

/**
 * Tensors by name, in order, as PyTorch's {@code state_dict()}; layouts are those of the files (convolutions OIHW).
 * Not synchronized.
 */
public final class StateDict {
    private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();

    /**
     * Adds a tensor; the tensor is kept, not copied.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public void put(String name, Tensor tensor) {
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw new IllegalArgumentException("two tensors are named " + name);
        }
    }

    /** The tensor of this name, or null. */
    public @Nullable Tensor get(String name) {
        return tensors.get(name);
    }

    /** All tensors by name, in order; a view that cannot be changed. */
    public Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** How many tensors. */
    public int size() {
        return tensors.size();
    }
}
