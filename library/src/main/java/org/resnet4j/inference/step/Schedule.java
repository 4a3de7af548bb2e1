package org.resnet4j.inference.step;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Origin.Part;

/**
 * The order of the steps. A shortcut is computed right after the first convolution of its block, so that the block's
 * input, the largest value, need not be kept until the sum.
 */
public final class Schedule {
    private Schedule() {}

    /** Returns the graph with its nodes in the order of the steps. */
    public static Graph of(Graph graph) {
        Map<String, List<Node>> shortcuts = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (node.origin().part() == Part.SHORTCUT) {
                shortcuts
                        .computeIfAbsent(node.origin().block(), _ -> new ArrayList<>())
                        .add(node);
            }
        }
        var nodes = new ArrayList<Node>();
        for (Node node : graph.nodes()) {
            if (node.origin().part() == Part.SHORTCUT) {
                continue;
            }
            nodes.add(node);
            if (node.operation() instanceof Operation.Convolution) {
                List<Node> shortcut = shortcuts.remove(node.origin().block());
                nodes.addAll(shortcut == null ? List.of() : shortcut);
            }
        }
        return new Graph(graph.spec(), graph.images(), nodes, graph.blocks());
    }
}
