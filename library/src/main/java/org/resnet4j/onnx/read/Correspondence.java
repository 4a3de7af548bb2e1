package org.resnet4j.onnx.read;

import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.resnet4j.onnx.proto.GraphProto;
import org.resnet4j.onnx.proto.NodeProto;
import org.resnet4j.onnx.proto.TensorProto;
import org.resnet4j.tensor.Shape;

/** The steps, values and tensors of a file that match those of a network. */
final class Correspondence {
    private static final List<Long> ROWS_AND_COLUMNS = List.of(2L, 3L);

    private final StoredGraph file;
    private final Map<String, TensorProto> constants;

    /** The file's values by the network's. */
    private final Map<String, String> values = new HashMap<>();

    private final SequencedMap<String, Binding> bindings = new LinkedHashMap<>();

    /** Matched steps of the file; each stands for one step of the network. */
    private final Set<StoredNode> used = new HashSet<>();

    private int steps;

    Correspondence(StoredGraph file, GraphProto network) {
        this.file = file;
        this.constants = network.initializers().stream().collect(Collectors.toMap(TensorProto::name, tensor -> tensor));
        values.put(network.inputs().getFirst().name(), file.input());
    }

    StoredGraph file() {
        return file;
    }

    /** Returns the constants of the network, by name. */
    Map<String, TensorProto> constants() {
        return constants;
    }

    /** Returns the file's tensors by the names of the network's state dict. */
    SequencedMap<String, Binding> bindings() {
        return Collections.unmodifiableSequencedMap(bindings);
    }

    /** Returns true if the output of a step of the network has a counterpart in the file. */
    boolean has(NodeProto node) {
        return values.containsKey(output(node));
    }

    /** Counts a step of the network as found. */
    void next() {
        steps++;
    }

    /** Marks a step of the file as used; returns false if it was used before. */
    boolean use(StoredNode step) {
        return used.add(step);
    }

    /** A comparison of a candidate with a step of the network; returns the difference, or null if there is none. */
    interface Comparison {
        @Nullable
        String difference(StoredNode candidate) throws IOException;
    }

    /** Returns the step of the file that reads the first input of a step of the network and computes the same. */
    StoredNode find(NodeProto node, Comparison comparison) throws GraphMismatchException, IOException {
        String value = value(node, 0);
        String reason = "nothing follows '" + value + "'";
        long position = 0;
        boolean near = false;
        for (StoredNode candidate : file.consumers(value)) {
            if (used.contains(candidate)) {
                continue;
            }
            boolean ofKind = StepComparison.isOfKind(candidate, node);
            String difference = ofKind ? comparison.difference(candidate) : "it is followed by " + candidate;
            if (difference == null) {
                return candidate;
            }
            if (!near) {
                reason = difference;
                position = candidate.position();
                near = ofKind;
            }
        }
        throw mismatch(node, position, reason);
    }

    /** Records the step of the file that stands for a step of the network. */
    void found(NodeProto node, StoredNode step) {
        used.add(step);
        stands(output(node), step.output());
    }

    /** Records the value of the file that stands for a value of the network. */
    void stands(String value, String inFile) {
        values.put(value, inFile);
    }

    /** Returns the file's values by the network's. */
    Map<String, String> values() {
        return Collections.unmodifiableMap(values);
    }

    /** Returns the exception for a step of the network that is not found. */
    GraphMismatchException mismatch(NodeProto node, long position, String reason) {
        return new GraphMismatchException(
                position, steps, "step " + node.name() + " (" + node.operator() + ") is not found: " + reason);
    }

    /** Returns the file's value for an input of a step of the network. */
    String value(NodeProto node, int input) {
        String value = values.get(node.inputs().get(input));
        if (value == null) {
            throw new IllegalStateException(
                    node.name() + " comes before its input " + node.inputs().get(input));
        }
        return value;
    }

    /** Returns the output value of a step of the network. */
    static String output(NodeProto node) {
        return node.outputs().getFirst();
    }

    /** Returns true if a step is the mean over rows and columns. */
    boolean isPooling(StoredNode candidate, boolean keepsAxes) throws IOException {
        if (candidate.operator().equals(StepComparison.POOLING)) {
            return true;
        }
        if (!candidate.operator().equals(StepComparison.MEAN)) {
            return false;
        }
        List<Long> axes = candidate.wholes().get("axes");
        if (axes == null) {
            axes = numbers(candidate.input(1));
        }
        boolean both = axes != null
                && axes.stream()
                        .map(axis -> axis < 0 ? axis + 4 : axis)
                        .sorted()
                        .toList()
                        .equals(ROWS_AND_COLUMNS);
        boolean keeps = candidate.wholes().getOrDefault("keepdims", List.of(1L)).getFirst() == 1;
        return both && (keeps || !keepsAxes);
    }

    /** Returns the elements of a small constant; null if the value is not a constant. */
    @Nullable
    List<Long> numbers(String value) throws IOException {
        StoredTensor tensor = file.tensors().get(value);
        return tensor == null ? null : StoredNumbers.read(file.path(), tensor);
    }

    /** Returns a constant of the file. */
    StoredTensor stored(String value) throws GraphMismatchException {
        StoredTensor tensor = file.tensors().get(value);
        if (tensor == null) {
            throw new GraphMismatchException(0, steps, "'" + value + "' is not a constant of the file");
        }
        return tensor;
    }

    /** Returns the extents of a constant of the network. */
    List<Long> extents(String constant) {
        TensorProto tensor = constants.get(constant);
        if (tensor == null) {
            throw new IllegalStateException("the network has no constant " + constant);
        }
        return tensor.extents();
    }

    /** Binds a tensor of the network to a tensor of the file of the same extents. */
    void bind(String name, StoredTensor tensor, boolean transposed, float added) throws GraphMismatchException {
        List<Long> extents = tensor.extents();
        List<Long> expected = extents(name);
        boolean fits = extents.size() == expected.size();
        for (int axis = 0; fits && axis < extents.size(); axis++) {
            // The second axis of the first convolution is the images' channels, which were checked before.
            fits = extents.get(axis).equals(expected.get(axis)) || (axis == 1 && extents.size() == 4);
        }
        if (!fits) {
            throw new GraphMismatchException(
                    tensor.position(),
                    steps,
                    "tensor '" + tensor.name() + "' of " + extents + " stands for " + name + " of " + expected);
        }
        bindings.put(name, new Binding.Stored(shape(extents), tensor, transposed, added));
    }

    /** Binds a tensor of the network to a constant of the file, or to zeros if the file has none. */
    void bindOrFill(String name, String value) throws GraphMismatchException {
        if (value.isEmpty()) {
            fill(name, 0);
        } else {
            bind(name, stored(value), false, 0);
        }
    }

    /** Binds a tensor of the network to a constant number. */
    void fill(String name, float value) {
        bindings.put(name, new Binding.Uniform(shape(extents(name)), value));
    }

    private static Shape shape(List<Long> extents) {
        return Shape.of(extents.stream().mapToInt(Math::toIntExact).toArray());
    }

    /** Binds a tensor of the network. */
    void bind(String name, Binding binding) {
        bindings.put(name, binding);
    }
}
