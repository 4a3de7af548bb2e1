package org.resnet4j.model.quantized;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Passes;
import org.resnet4j.layer.Parameter;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;

/** The names of the tensors of a quantized network. */
final class QuantizedNames {
    /** The scale and the zero point of the images. */
    static final String INPUT = "input";

    private static final String WEIGHT_SCALE = ".weight_scale";

    private QuantizedNames() {}

    /** Returns true if a tensor of this name is the scale of quantized weights. */
    static boolean isWeightScale(String tensor) {
        return tensor.endsWith(WEIGHT_SCALE);
    }

    /** Returns the nodes of a network after all passes. */
    static List<Node> nodes(ResNetSpec spec) {
        return Passes.fuseAll(Graph.of(ResNet.undrawn(spec), spec.imageSize())).nodes();
    }

    /** Returns the weights of a node, if it is a convolution or the linear layer. */
    static Optional<Parameter> weight(Node node) {
        return switch (node.operation()) {
            case Operation.Convolution convolution -> Optional.of(convolution.weight());
            case Operation.Linear linear -> Optional.of(linear.weight());
            default -> Optional.empty();
        };
    }

    /** Returns the normalization that is folded into a node, or null. */
    static Operation.@Nullable BatchNormalization norm(Node node) {
        return node.epilogue().affine() instanceof Operation.BatchNormalization norm ? norm : null;
    }

    /** Returns the name of the scales of a node's weights, {@code [out]}. */
    static String weightScale(Node node) {
        return node.name() + WEIGHT_SCALE;
    }

    /** Returns the name of a node's bias, {@code [out]}: that of the folded normalization, too. */
    static String bias(Node node) {
        return node.name() + ".bias";
    }

    /** Returns the name of the scale of a value, {@code [1]}. */
    static String scale(String value) {
        return value + ".output_scale";
    }

    /** Returns the name of the zero point of a value, {@code [1]}. */
    static String zeroPoint(String value) {
        return value + ".output_zero_point";
    }

    /** Returns true if a node's value is stored in bytes: all but the logits. */
    static boolean hasScale(Node node) {
        return !(node.operation() instanceof Operation.Linear);
    }
}
