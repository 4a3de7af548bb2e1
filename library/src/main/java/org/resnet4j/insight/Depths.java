package org.resnet4j.insight;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Origin.Part;
import org.resnet4j.layer.Parameter;

/**
 * The depth of each position in a network: the number of convolutions on the longest path to it, not counting those of
 * shortcuts.
 */
final class Depths {
    private final Graph graph;
    private final Map<String, Integer> depths = new HashMap<>();

    Depths(Graph graph) {
        this.graph = graph;
        int depth = 0;
        for (Node node : graph.nodes()) {
            depth += isOnTheWay(node) ? 1 : 0;
            depths.put(place(node), depth);
        }
    }

    private static boolean isOnTheWay(Node node) {
        return switch (node.operation()) {
            case Operation.Convolution convolution -> node.origin().part() != Part.SHORTCUT;
            case Operation.Linear linear -> true;
            case Operation.Affine affine -> false;
            case Operation.Relu relu -> false;
            case Operation.MaxPool pool -> false;
            case Operation.AveragePool pool -> false;
            case Operation.ZeroPadding padding -> false;
            case Operation.SqueezeExcitation gate -> false;
            case Operation.Sum sum -> false;
            case Operation.GlobalAverage average -> false;
        };
    }

    /** Returns the block of a node, or its layer outside of blocks. */
    private static String place(Node node) {
        return node.origin().block().isEmpty()
                ? node.origin().layer()
                : node.origin().block();
    }

    /** Returns the depth after a block, or after a layer outside the blocks. */
    int of(String place) {
        return depths.getOrDefault(place, 0);
    }

    /**
     * Passes each parameter with its depth to a consumer: first the parameters of the branch in order, then those of
     * the shortcut and of the gates, which have the depth of the block's last convolution.
     */
    void parameters(ObjIntConsumer<Parameter> parameters) {
        var late = new ArrayList<Node>();
        int depth = 0;
        for (Node node : graph.nodes()) {
            if (node.origin().part() != Part.SHORTCUT) {
                hand(late, depth, parameters);
                late.clear();
            }
            depth += isOnTheWay(node) ? 1 : 0;
            if (node.operation() instanceof Operation.SqueezeExcitation) {
                late.add(node);
            } else {
                hand(List.of(node), depth, parameters);
            }
        }
    }

    private static void hand(List<Node> nodes, int depth, ObjIntConsumer<Parameter> parameters) {
        for (Node node : nodes) {
            node.operation().parameters().forEach(parameter -> parameters.accept(parameter, depth));
        }
    }
}
