package org.resnet4j.onnx.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;

/**
 * The nodes into which ONNX Runtime fuses several operators (optimization level "extended"), taken apart again.
 *
 * @see <a href="https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md">the operators</a>
 */
final class FusedNodes {
    private static final String CONVOLUTION = "com.microsoft.FusedConv";
    private static final String ACTIVATION = "activation";

    private FusedNodes() {}

    /** Returns the nodes in their order, each fused one replaced by its operators. */
    static List<StoredNode> takenApart(List<StoredNode> nodes) {
        return nodes.stream().flatMap(FusedNodes::takenApart).toList();
    }

    /** A fused convolution adds its fourth input, if there is one, and applies the activation. */
    private static Stream<StoredNode> takenApart(StoredNode node) {
        if (!node.operator().equals(CONVOLUTION)) {
            return Stream.of(node);
        }
        String activation = node.texts().getOrDefault(ACTIVATION, "");
        var steps = new ArrayList<StoredNode>();
        var texts = new HashMap<>(node.texts());
        texts.remove(ACTIVATION);
        var attributes = new StoredNode.Attributes(node.wholes(), node.reals(), texts, null);
        List<String> inputs = node.inputs();
        String sum = node.input(3);
        String value = node.output() + (sum.isEmpty() && activation.isEmpty() ? "" : "/convolution");
        List<String> own = inputs.subList(0, Math.min(3, inputs.size()));
        steps.add(new StoredNode("Conv", node.name(), own, List.of(value), attributes, node.position()));
        if (!sum.isEmpty()) {
            String added = node.output() + (activation.isEmpty() ? "" : "/sum");
            steps.add(plain("Add", node, List.of(value, sum), added));
            value = added;
        }
        if (!activation.isEmpty()) {
            steps.add(plain(activation, node, List.of(value), node.output()));
        }
        return steps.stream();
    }

    private static StoredNode plain(String operator, StoredNode fused, List<String> inputs, String output) {
        return new StoredNode(
                operator, fused.name(), inputs, List.of(output), StoredNode.Attributes.NONE, fused.position());
    }
}
