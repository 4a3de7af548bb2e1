package org.resnet4j.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.inference.int8.ByteScale;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.onnx.read.StoredScale;

/**
 * The scales of a network's values, as found in a file. The engine rounds the images and the value of each node. What a
 * file rounds besides, such as the numbers before a ReLU of its own, is not rounded.
 *
 * @param images the scale of the images
 * @param values the scales of the nodes' values and branches
 */
record ValueScales(ByteScale images, Map<String, ByteScale> values) {
    /** Reports that a file lacks a scale, or has several for one value. */
    static final class MissingScaleException extends Exception {
        private static final long serialVersionUID = 1;

        MissingScaleException(String message) {
            super(message);
        }
    }

    /** The scales in a file, by the names of a network's values. */
    private record Stored(Map<String, String> names, Map<String, List<StoredScale>> scales) {
        @Nullable
        ByteScale find(String value) throws MissingScaleException {
            String name = names.get(value);
            List<StoredScale> all = name == null ? List.of() : scales.getOrDefault(name, List.of());
            if (all.size() > 1) {
                throw new MissingScaleException("it has several scales for '" + name + "'");
            }
            return all.isEmpty()
                    ? null
                    : new ByteScale(all.getFirst().step(), all.getFirst().zeroPoint());
        }
    }

    /**
     * Finds the scales of all values.
     *
     * @param names the names of the file's values, by those of the network
     * @param stored the scales in the file
     * @param layers the nodes with quantized weights
     * @throws MissingScaleException if a value does not have exactly one scale
     */
    static ValueScales find(
            NetworkGraph.Named network,
            Map<String, String> names,
            Map<String, List<StoredScale>> stored,
            Set<String> layers)
            throws MissingScaleException {
        List<Node> nodes = network.fused().nodes();
        boolean features = layers.contains(nodes.getLast().name());
        var inFile = new Stored(names, stored);
        var scales = new HashMap<Integer, ByteScale>();
        put(scales, Graph.IMAGES, inFile.find(Operators.INPUT));
        for (Node node : nodes) {
            put(scales, node.id(), inFile.find(network.name(node.id())));
        }
        // Rounding the largest number is the same as taking the largest of the rounded ones.
        for (Node node : nodes.reversed()) {
            if (Quantization.keepsScale(node.operation()) && !scales.containsKey(node.input())) {
                put(scales, node.input(), scales.get(node.id()));
            }
        }
        var values = new HashMap<String, ByteScale>();
        for (Node node : nodes) {
            switch (node.operation()) {
                case Operation.Linear _ -> {
                    continue;
                }
                case Operation.GlobalAverage _ -> {
                    // Some files round the features only before they lose the axes of the image.
                    ByteScale pooled = inFile.find(node.name());
                    scales.computeIfAbsent(node.id(), _ -> features ? pooled : scales.get(node.input()));
                }
                case Operation operation
                when Quantization.keepsScale(operation) -> put(scales, node.id(), scales.get(node.input()));
                default -> {}
            }
            values.put(node.name(), required(node.name(), scales.get(node.id())));
            boolean adds = node.epilogue().adds() && layers.contains(node.name());
            ByteScale branch = adds ? inFile.find(network.name(branch(network.graph(), node))) : null;
            if (branch != null) {
                values.put(Quantization.branch(node.name()), branch);
            }
        }
        return new ValueScales(required(Operators.INPUT, scales.get(Graph.IMAGES)), values);
    }

    private static void put(Map<Integer, ByteScale> scales, int value, @Nullable ByteScale scale) {
        if (scale != null) {
            scales.put(value, scale);
        }
    }

    private static ByteScale required(String value, @Nullable ByteScale scale) throws MissingScaleException {
        if (scale == null) {
            throw new MissingScaleException("it has no scale for the value of " + value);
        }
        return scale;
    }

    /** Returns the value that a node adds to the shortcut. */
    private static int branch(Graph unfused, Node node) {
        return unfused.nodes().stream()
                .filter(other -> other.operation() instanceof Operation.Sum
                        && other.origin().block().equals(node.origin().block()))
                .findFirst()
                .orElseThrow()
                .input();
    }
}
