package org.resnet4j.onnx.read;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step of a file's computation.
 *
 * @param operator name of the operator: {@code Conv}
 * @param name name of the node; may be empty
 * @param inputs names of values, in the order of the operator's arguments; empty for an omitted one
 * @param outputs names of the results
 * @param attributes attributes by kind
 * @param position position in the file
 */
public record StoredNode(
        String operator, String name, List<String> inputs, List<String> outputs, Attributes attributes, long position) {
    /**
     * The attributes of a node.
     *
     * @param wholes integers and lists of integers
     * @param reals floating-point numbers
     * @param texts strings
     * @param tensor the attribute that is a tensor, or null
     */
    public record Attributes(
            Map<String, List<Long>> wholes,
            Map<String, Float> reals,
            Map<String, String> texts,
            @Nullable StoredTensor tensor) {
        static final Attributes NONE = new Attributes(Map.of(), Map.of(), Map.of(), null);

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

    /** Returns a copy of the step with other inputs. */
    StoredNode withInputs(List<String> changed) {
        return new StoredNode(operator, name, changed, outputs, attributes, position);
    }

    /** Returns the input at this position; empty if it is omitted. */
    String input(int place) {
        return place < inputs.size() ? inputs.get(place) : "";
    }

    /** Returns the first output. */
    String output() {
        return outputs.isEmpty() ? "" : outputs.getFirst();
    }

    /** Returns the step as named in messages. */
    @Override
    public String toString() {
        return operator + (name.isEmpty() ? "" : " '" + name + "'");
    }
}
