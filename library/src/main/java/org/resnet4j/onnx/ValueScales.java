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
 * The scales of a network's values, as found in a file. The engine rounds the images, unless the first convolution is in
 * float32, and the value of each node. What a file rounds besides, such as the numbers before a ReLU, is not rounded.
 *
 * @param images the scale of the images
 * @param values the scales of the nodes' values and branches
 */
record ValueScales(ByteScale images, Map<String, ByteScale> values) {
    /** The scale of images that stay in float32. */
    private static final ByteScale UNUSED = new ByteScale(1, 0);

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
        var inFile = new Stored(names, stored);
        boolean roundsImages = layers.contains(nodes.getFirst().name());
        var scales = new HashMap<Integer, ByteScale>();
        put(scales, Graph.IMAGES, roundsImages ? inFile.find(Operators.INPUT) : UNUSED);
        for (Node node : nodes) {
            put(scales, node.id(), inFile.find(network.name(node.id())));
        }
        // Rounding the largest number is the same as taking the largest of the rounded ones.
        for (Node node : nodes.reversed()) {
            if (Quantization.keepsScale(node.operation()) && !scales.containsKey(node.input())) {
                put(scales, node.input(), scales.get(node.id()));
            }
        }
        boolean roundsFeatures = layers.contains(nodes.getLast().name());
        var values = new HashMap<String, ByteScale>();
        for (Node node : nodes.subList(0, nodes.size() - 1)) {
            ByteScale branch = node.epilogue().adds() ? inFile.find(network.name(branch(network.graph(), node))) : null;
            if (branch != null && layers.contains(node.name())) {
                values.put(Quantization.branch(node.name()), branch);
            }
            ByteScale x = scales.get(node.inputs().getLast());
            switch (node.operation()) {
                // Some files round the features only before they lose the axes of the image.
                case Operation.GlobalAverage _ ->
                    putIfAbsent(scales, node.id(), roundsFeatures ? inFile.find(node.name()) : x);
                case Operation operation when Quantization.keepsScale(operation) -> put(scales, node.id(), x);
                default -> {
                    if (branch != null && x != null) {
                        boolean relu = node.epilogue().relu();
                        putIfAbsent(scales, node.id(), ByteScale.ofSum(branch, x, relu));
                    }
                }
            }
            values.put(node.name(), required(node.name(), scales.get(node.id())));
        }
        return new ValueScales(required(Operators.INPUT, scales.get(Graph.IMAGES)), values);
    }

    private static void putIfAbsent(Map<Integer, ByteScale> scales, int value, @Nullable ByteScale scale) {
        put(scales, value, scales.getOrDefault(value, scale));
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
