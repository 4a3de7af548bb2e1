package org.resnet4j.onnx.read;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.resnet4j.onnx.proto.DataType;
import org.resnet4j.weights.MalformedFileException;

/**
 * The computation of a file, without steps that change nothing: nodes by the values that they use, tensors by name.
 *
 * @param path the file
 * @param name name of the graph
 * @param images the input
 * @param outputs names of the output values
 * @param consumers the nodes that use a value
 * @param tensors the constants
 * @param metadata texts about the model, by key
 * @param scales the scales of each value that is rounded to bytes
 */
public record StoredGraph(
        Path path,
        String name,
        Images images,
        Set<String> outputs,
        Map<String, List<StoredNode>> consumers,
        Map<String, StoredTensor> tensors,
        Map<String, String> metadata,
        Map<String, List<StoredScale>> scales) {
    /**
     * The input of a graph, the images.
     *
     * @param name name of the value
     * @param extents its extents; -1 for any extent, empty if the file does not specify them
     */
    record Images(String name, List<Long> extents) {}

    /** Operators that return their first input unchanged in prediction. */
    private static final Set<String> UNCHANGING = Set.of("Identity", "Dropout");

    private static final String CAST = "Cast";

    /**
     * Assembles a graph.
     *
     * @param inputs extents by name; older files list the constants among them
     * @param metadata texts about the model, by key
     * @throws MalformedFileException if a value has two origins, the number of inputs is not 1, or integers have no
     *     valid scales
     * @throws IOException if a scale cannot be read
     */
    static StoredGraph of(
            Path path,
            String name,
            List<StoredNode> stored,
            List<StoredTensor> constants,
            Map<String, List<Long>> inputs,
            Set<String> outputs,
            Map<String, String> metadata)
            throws IOException {
        var tensors = new HashMap<String, StoredTensor>();
        for (StoredTensor tensor : constants) {
            if (tensors.putIfAbsent(tensor.name(), tensor) != null) {
                throw new MalformedFileException(
                        path, tensor.position(), "two tensors are named '" + tensor.name() + "'");
            }
        }
        List<String> images = inputs.keySet().stream()
                .filter(input -> !tensors.containsKey(input))
                .toList();
        if (images.size() != 1) {
            throw new MalformedFileException(
                    path, "a network for images has one input, this graph has " + images.size());
        }
        String image = images.getFirst();
        List<StoredNode> nodes = ByteNodes.takenApart(FusedNodes.takenApart(stored));
        checkOrigins(path, nodes, tensors.keySet(), image);

        var same = new HashMap<String, String>();
        var steps = new ArrayList<StoredNode>();
        var conversions = new Conversions(path, tensors, same);
        // The format requires nodes in topological order, so the source of a copy is resolved before the copy.
        for (StoredNode node : nodes) {
            StoredTensor constant = node.tensor();
            if (ByteNodes.isConversion(node)) {
                conversions.add(node);
            } else if (isUnchanging(node)) {
                conversions.copy(node);
                same.put(node.output(), resolve(node.input(0), same));
            } else if (!node.operator().equals("Constant")) {
                conversions.pass(node);
                steps.add(node);
            } else if (constant != null) {
                tensors.put(node.output(), constant);
            }
        }
        same.forEach((copy, original) -> {
            StoredTensor tensor = tensors.get(original);
            if (tensor != null) {
                tensors.put(copy, tensor);
            }
        });
        conversions.checkOutputs(outputs);
        Set<String> ends = new HashSet<>();
        outputs.forEach(output -> ends.add(resolve(output, same)));
        return new StoredGraph(
                path,
                name,
                new Images(image, inputs.getOrDefault(image, List.of())),
                ends,
                consumers(steps, same),
                tensors,
                metadata,
                conversions.values());
    }

    /**
     * Returns true for a node whose output is its input. A conversion between types of real numbers is one, because
     * everything is computed in float32 here: weights of float16, or the images and logits of a network in float16.
     */
    private static boolean isUnchanging(StoredNode node) {
        return UNCHANGING.contains(node.operator())
                || (node.operator().equals(CAST)
                        && node.wholes().getOrDefault("to", List.of()).stream()
                                .anyMatch(type -> DataType.numbered(type)
                                        .filter(known -> known.elements().isReal())
                                        .isPresent()));
    }

    /** Returns the name of the input value, the images. */
    public String input() {
        return images.name;
    }

    /** Returns the extents of the input; -1 for any extent, empty if the file does not specify them. */
    public List<Long> extents() {
        return images.extents;
    }

    /** Returns true if a value or a constant consists of integers that stand for real numbers. */
    public boolean isQuantized() {
        return !scales.isEmpty() || tensors.values().stream().anyMatch(tensor -> tensor.scales() != null);
    }

    /** Returns true if a value in bytes cannot be below zero, as if ReLU came before it. */
    boolean isRectified(String value) {
        List<StoredScale> own = scales.getOrDefault(value, List.of());
        return !own.isEmpty() && own.stream().allMatch(scale -> scale.zeroPoint() == 0);
    }

    /** Returns this graph from another value on. */
    StoredGraph withInput(String value) {
        return new StoredGraph(path, name, new Images(value, extents()), outputs, consumers, tensors, metadata, scales);
    }

    private static void checkOrigins(Path path, List<StoredNode> nodes, Set<String> constants, String image)
            throws MalformedFileException {
        var origins = new HashSet<>(constants);
        origins.add(image);
        for (StoredNode node : nodes) {
            for (String output : node.outputs()) {
                if (!output.isEmpty() && !origins.add(output)) {
                    throw new MalformedFileException(
                            path, node.position(), node + " gives '" + output + "', which is already defined");
                }
            }
        }
    }

    /** Returns the steps by their inputs, with copies replaced by their originals. */
    private static Map<String, List<StoredNode>> consumers(List<StoredNode> steps, Map<String, String> same) {
        var consumers = new HashMap<String, List<StoredNode>>();
        for (StoredNode node : steps) {
            StoredNode step = node.withInputs(
                    node.inputs().stream().map(input -> resolve(input, same)).toList());
            for (String input : new HashSet<>(step.inputs())) {
                consumers.computeIfAbsent(input, _ -> new ArrayList<>()).add(step);
            }
        }
        return consumers;
    }

    /** Returns the original of a copied value, or the value itself. */
    static String resolve(String value, Map<String, String> same) {
        return same.getOrDefault(value, value);
    }

    /** Returns the nodes that use a value, in file order. */
    List<StoredNode> consumers(String value) {
        return consumers.getOrDefault(value, List.of());
    }
}
