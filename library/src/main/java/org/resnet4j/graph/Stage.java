package org.resnet4j.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.resnet4j.resnet.Naming;

/**
 * The stem of a network or one of its stages.
 *
 * @param name {@code stem}, or the path of the stage: {@code layer2}, {@code stages.1}
 * @param output the id of its last value, which no pass removes
 * @param stride the number of image rows for each row of the value
 */
public record Stage(String name, int output, int stride) {
    private static final String STEM = "stem";
    private static final String STEM_POOL = "maxpool";

    /**
     * Lists the stem and the stages of a network, in the order of computation. The stem ends before its pooling. The
     * last stage ends before the layers between the blocks and the linear layer, such as the last normalization of a
     * pre-activation network.
     *
     * @param graph a graph to which no pass was applied
     */
    public static List<Stage> of(Graph graph) {
        Naming naming = Naming.of(graph.spec().block().order());
        Map<Integer, Integer> strides = strides(graph);
        var stages = new ArrayList<Stage>();
        int stem = stem(graph, naming);
        stages.add(new Stage(STEM, stem, strides.getOrDefault(stem, 1)));
        for (int i = 0; i < graph.spec().stages().count(); i++) {
            int output = output(graph, naming, i);
            stages.add(new Stage(naming.stage(i), output, strides.getOrDefault(output, 1)));
        }
        return List.copyOf(stages);
    }

    /** Returns the value before the first layer after the stem: pooling, a transition or a block. */
    private static int stem(Graph graph, Naming naming) {
        return first(graph, STEM_POOL)
                .or(() -> first(graph, naming.transition(0)))
                .map(Node::input)
                .orElseGet(() -> graph.blocks().getFirst().input());
    }

    /** Returns the output of the last block of a stage, or of its transition if it has no blocks. */
    private static int output(Graph graph, Naming naming, int stage) {
        return graph.blocks().stream()
                .filter(block -> isBelow(block.name(), naming.stage(stage)))
                .reduce((_, last) -> last)
                .map(Block::output)
                .orElseGet(() -> graph.nodes().stream()
                        .filter(node -> isBelow(node.origin().layer(), naming.transition(stage)))
                        .reduce((_, last) -> last)
                        .map(Node::id)
                        .orElseThrow());
    }

    private static Optional<Node> first(Graph graph, String path) {
        return graph.nodes().stream()
                .filter(node -> node.origin().layer().equals(path)
                        || isBelow(node.origin().layer(), path))
                .findFirst();
    }

    private static boolean isBelow(String layer, String path) {
        return layer.startsWith(path + ".");
    }

    /** Returns the stride of each value, computed along the branches. */
    private static Map<Integer, Integer> strides(Graph graph) {
        var strides = new HashMap<Integer, Integer>();
        for (Node node : graph.nodes()) {
            strides.put(node.id(), stride(node.operation()) * strides.getOrDefault(node.input(), 1));
        }
        return strides;
    }

    private static int stride(Operation operation) {
        return switch (operation) {
            case Operation.Convolution convolution -> convolution.window().stride();
            case Operation.MaxPool pool -> pool.window().stride();
            case Operation.AveragePool pool -> pool.cells().stride();
            case Operation.ZeroPadding padding -> padding.window().stride();
            case Operation.Affine affine -> 1;
            case Operation.Relu relu -> 1;
            case Operation.SqueezeExcitation gate -> 1;
            case Operation.Sum sum -> 1;
            case Operation.GlobalAverage average -> 1;
            case Operation.Linear linear -> 1;
        };
    }
}
