package org.resnet4j.onnx.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The nodes that compute with integers of 8 bits (the format QOperator), taken apart into nodes that compute with real
 * numbers between conversions (the format QDQ).
 *
 * @see <a href="https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md">the operators</a>
 */
final class ByteNodes {
    /** The input of a dequantization that is a further factor of the scale; only nodes of this class have it. */
    static final int SECOND_SCALE = 3;

    private static final String QUANTIZE = "QuantizeLinear";
    private static final String DEQUANTIZE = "DequantizeLinear";

    /** The domain of ONNX Runtime's own operators. */
    private static final String OWN = "com.microsoft.";

    private static final Set<String> CONVERSIONS = Set.of(QUANTIZE, DEQUANTIZE, OWN + QUANTIZE, OWN + DEQUANTIZE);

    private ByteNodes() {}

    static boolean isDequantization(StoredNode node) {
        return isConversion(node) && node.operator().endsWith(DEQUANTIZE);
    }

    /** Returns true for a conversion between integers and real numbers. */
    static boolean isConversion(StoredNode node) {
        return CONVERSIONS.contains(node.operator());
    }

    /** Returns the nodes in their order, each node for integers replaced by its parts. */
    static List<StoredNode> takenApart(List<StoredNode> nodes) {
        return nodes.stream().flatMap(ByteNodes::takenApart).toList();
    }

    private static Stream<StoredNode> takenApart(StoredNode node) {
        if (whole(node, "channels_last") != 0) {
            return Stream.of(node);
        }
        var parts = new Parts(node);
        return switch (node.operator()) {
            case "QLinearConv", OWN + "QLinearConv" ->
                parts.value(0).constant(3, 0).bias(8).steps("Conv", 6);
            case OWN + "QLinearAdd" -> parts.value(0).value(3).steps("Add", 6);
            case OWN + "QLinearMul" -> parts.value(0).value(3).steps("Mul", 6);
            case OWN + "QLinearSigmoid" -> parts.value(0).steps("Sigmoid", 3);
            case OWN + "QLinearGlobalAveragePool" -> parts.value(0).steps("GlobalAveragePool", 3);
            case OWN + "QLinearAveragePool" -> parts.value(0).steps("AveragePool", 3);
            case "QLinearMatMul" -> parts.value(0).constant(3, 1).steps("MatMul", 6);
            case OWN + "QGemm" -> {
                int channels = whole(node, "transB") != 0 ? 0 : 1;
                yield parts.value(0).constant(3, channels).bias(6).steps("Gemm", 7);
            }
            default -> Stream.of(node);
        };
    }

    private static long whole(StoredNode node, String attribute) {
        return node.wholes().getOrDefault(attribute, List.of(0L)).getFirst();
    }

    /** The parts of a node. Each argument in integers is followed by its scale and its zero point. */
    private static final class Parts {
        private final StoredNode node;
        private final List<StoredNode> parts = new ArrayList<>();
        private final List<String> arguments = new ArrayList<>();

        Parts(StoredNode node) {
            this.node = node;
        }

        /** Adds an argument that is a value in bytes. */
        Parts value(int at) {
            return constant(at, 0);
        }

        /** Adds an argument whose channels lie along an axis. */
        Parts constant(int at, int axis) {
            return dequantize(List.of(node.input(at), node.input(at + 1), node.input(at + 2)), axis);
        }

        /** Adds the bias, if there is one; its scale is the product of those of the value and the weights. */
        Parts bias(int at) {
            return node.input(at).isEmpty()
                    ? this
                    : dequantize(List.of(node.input(at), node.input(1), "", node.input(4)), 0);
        }

        private Parts dequantize(List<String> inputs, int axis) {
            String real = node.output() + "/" + arguments.size();
            var attributes = new StoredNode.Attributes(Map.of("axis", List.of((long) axis)), Map.of(), Map.of(), null);
            parts.add(new StoredNode(DEQUANTIZE, node.name(), inputs, List.of(real), attributes, node.position()));
            arguments.add(real);
            return this;
        }

        /** Returns the parts: the dequantized arguments, the operator, and the conversion of the result. */
        Stream<StoredNode> steps(String operator, int scale) {
            boolean inBytes = !node.input(scale).isEmpty();
            String real = inBytes ? node.output() + "/real" : node.output();
            parts.add(new StoredNode(
                    operator, node.name(), arguments, List.of(real), node.attributes(), node.position()));
            if (inBytes) {
                List<String> inputs = List.of(real, node.input(scale), node.input(scale + 1));
                parts.add(new StoredNode(
                        QUANTIZE,
                        node.name(),
                        inputs,
                        List.of(node.output()),
                        StoredNode.Attributes.NONE,
                        node.position()));
            }
            return parts.stream();
        }
    }
}
