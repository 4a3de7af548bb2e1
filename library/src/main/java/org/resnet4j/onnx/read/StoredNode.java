package org.resnet4j.onnx.read;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step of a file's computation.
 *
 * @param operator what it computes: {@code Conv}
 * @param name its own name; may be empty
 * @param inputs names of values, by the order of the operator's arguments; empty for one that is left out
 * @param outputs names of what it gives
 * @param attributes its attributes, by their kind
 * @param position in the file
 */
public record StoredNode(
        String operator, String name, List<String> inputs, List<String> outputs, Attributes attributes, long position) {
    /**
     * The attributes of a node.
     *
     * @param wholes those that are integers, one or several
     * @param reals those that are real numbers
     * @param texts those that are strings
     * @param tensor the one that is a tensor, or null
     */
    public record Attributes(
            Map<String, List<Long>> wholes,
            Map<String, Float> reals,
            Map<String, String> texts,
            @Nullable StoredTensor tensor) {
        public Attributes {
            wholes = Map.copyOf(wholes);
            reals = Map.copyOf(reals);
            texts = Map.copyOf(texts);
        }
    }

    public StoredNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    Map<String, List<Long>> wholes() {
        return attributes.wholes();
    }

    Map<String, Float> reals() {
        return attributes.reals();
    }

    Map<String, String> texts() {
        return attributes.texts();
    }

    @Nullable
    StoredTensor tensor() {
        return attributes.tensor();
    }

    /** The same step of other values. */
    StoredNode withInputs(List<String> changed) {
        return new StoredNode(operator, name, changed, outputs, attributes, position);
    }

    /** The input at this place; empty where it is left out. */
    String input(int place) {
        return place < inputs.size() ? inputs.get(place) : "";
    }

    /** What it gives first. */
    String output() {
        return outputs.isEmpty() ? "" : outputs.getFirst();
    }

    /** For messages. */
    @Override
    public String toString() {
        return operator + (name.isEmpty() ? "" : " '" + name + "'");
    }
}
