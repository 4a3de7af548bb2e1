package org.resnet4j.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Graph transformations that fuse nodes. The later node becomes part of the {@link Epilogue} of the earlier one, which
 * takes over its position and the id of its value. A value that is read more than once is kept.
 */
public final class Passes {
    /** Returns the epilogue of a node fused with the next one, or null if they cannot be fused. */
    @FunctionalInterface
    private interface Merge {
        @Nullable
        Epilogue apply(Node before, Node node);
    }

    private Passes() {}

    /** Applies all passes. In the result, each node is one step of an engine. */
    public static Graph fuseAll(Graph graph) {
        return fuseSums(foldNormalizations(fuseRelus(graph)));
    }

    /**
     * Folds normalizations and biases into the preceding convolutions of the same part of the same block. In evaluation
     * they are a factor and an offset for each channel. Must follow {@link #fuseRelus}.
     */
    public static Graph foldNormalizations(Graph graph) {
        return merge(
                graph,
                (before, node) -> before.operation() instanceof Operation.Convolution
                                && node.operation() instanceof Operation.Affine affine
                                && before.epilogue().equals(Epilogue.NONE)
                                && before.origin().block().equals(node.origin().block())
                                && before.origin().part() == node.origin().part()
                        ? node.epilogue().withAffine(affine)
                        : null);
    }

    /** Fuses ReLU into the preceding node of the same layer. A ReLU that is a layer of its own is kept. */
    public static Graph fuseRelus(Graph graph) {
        return merge(
                graph,
                (before, node) -> node.operation() instanceof Operation.Relu
                                && node.origin().layer().equals(before.origin().layer())
                        ? before.epilogue().withRelu()
                        : null);
    }

    /**
     * Fuses unweighted sums into the convolution or the squeeze-and-excitation that ends the branch, unless a ReLU is
     * between them. Must follow the other two passes.
     */
    public static Graph fuseSums(Graph graph) {
        return merge(
                graph,
                (before, node) -> node.operation() instanceof Operation.Sum sum
                                && sum.weighing() instanceof Weighing.None
                                && takesSum(before.operation())
                                && !before.epilogue().relu()
                        ? before.epilogue().withSum(node.epilogue())
                        : null);
    }

    private static boolean takesSum(Operation operation) {
        return switch (operation) {
            case Operation.Convolution convolution -> true;
            case Operation.SqueezeExcitation gate -> true;
            case Operation.Affine affine -> false;
            case Operation.Relu relu -> false;
            case Operation.MaxPool pool -> false;
            case Operation.AveragePool pool -> false;
            case Operation.ZeroPadding padding -> false;
            case Operation.Sum sum -> false;
            case Operation.GlobalAverage average -> false;
            case Operation.Linear linear -> false;
        };
    }

    private static Graph merge(Graph graph, Merge merge) {
        Set<Integer> shared = readMoreThanOnce(graph);
        var merged = new LinkedHashMap<Integer, Node>();
        for (Node node : graph.nodes()) {
            Node before = merged.get(node.input());
            Epilogue epilogue = before != null && !shared.contains(before.id()) ? merge.apply(before, node) : null;
            if (before == null || epilogue == null) {
                merged.put(node.id(), node);
            } else {
                merged.remove(before.id());
                merged.put(node.id(), merged(before, node, epilogue));
            }
        }
        return graph.withNodes(List.copyOf(merged.values()));
    }

    private static Set<Integer> readMoreThanOnce(Graph graph) {
        var read = new HashSet<Integer>();
        var shared = new HashSet<Integer>();
        for (Node node : graph.nodes()) {
            for (int input : node.inputs()) {
                if (!read.add(input)) {
                    shared.add(input);
                }
            }
        }
        return shared;
    }

    private static Node merged(Node before, Node node, Epilogue epilogue) {
        var inputs = new ArrayList<>(before.inputs());
        inputs.addAll(node.inputs().subList(1, node.inputs().size()));
        return new Node(node.id(), before.name(), before.origin(), before.operation(), inputs, node.shape(), epilogue);
    }
}
