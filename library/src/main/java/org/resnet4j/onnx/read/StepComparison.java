package org.resnet4j.onnx.read;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.onnx.proto.AttributeProto;
import org.resnet4j.onnx.proto.NodeProto;

/** Comparisons of a step of a file with a step of a network. */
final class StepComparison {
    static final String POOLING = "GlobalAveragePool";
    static final String MEAN = "ReduceMean";

    private StepComparison() {}

    /** Returns true if a step of a file may stand for a step of a network, regardless of attributes. */
    static boolean isOfKind(StoredNode candidate, NodeProto node) {
        String operator = candidate.operator();
        return canonical(operator).equals(node.operator())
                || (operator.equals("AveragePool") && node.operator().equals(POOLING));
    }

    /** Returns the network's operator for this step. */
    static String canonical(String operator) {
        return switch (operator) {
            case MEAN -> POOLING;
            case "Sum" -> "Add";
            default -> operator;
        };
    }

    /** Returns the integers of an attribute. */
    static List<Long> wholes(NodeProto node, String name, List<Long> otherwise) {
        for (AttributeProto attribute : node.attributes()) {
            if (attribute.name().equals(name)) {
                return switch (attribute) {
                    case AttributeProto.Whole whole -> List.of(whole.value());
                    case AttributeProto.Wholes several -> several.values();
                    case AttributeProto.Real _ -> otherwise;
                };
            }
        }
        return otherwise;
    }

    /** Compares the windows of a convolution or pooling. */
    static @Nullable String windowDifference(NodeProto node, StoredNode candidate, List<Long> kernel) {
        String automatic = candidate.texts().getOrDefault("auto_pad", "NOTSET");
        if (!automatic.equals("NOTSET") && !automatic.equals("VALID")) {
            return candidate + " has auto_pad " + automatic + ", which pads otherwise than PyTorch";
        }
        List<Long> ones = List.of(1L, 1L);
        List<Long> zeros = List.of(0L, 0L, 0L, 0L);
        var kinds = Map.of("kernel_shape", kernel, "strides", ones, "pads", zeros, "dilations", ones);
        for (Map.Entry<String, List<Long>> kind : kinds.entrySet()) {
            List<Long> expected = wholes(node, kind.getKey(), kind.getValue());
            List<Long> actual = candidate.wholes().getOrDefault(kind.getKey(), kind.getValue());
            if (!expected.equals(actual)) {
                return candidate + " has " + kind.getKey() + " " + actual + " instead of " + expected;
            }
        }
        return null;
    }
}
