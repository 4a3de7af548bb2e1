package org.resnet4j.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Functions from graph to graph that merge nodes: the later one becomes part of the {@link Epilogue} of the earlier one, which
 * takes its place and the id of its value. Values that are read more than once stay.
 */
public final class Passes {
    /** The epilogue of a node that takes another in, or null where it does not. */
    @FunctionalInterface
    private interface Merge {
        @Nullable
        Epilogue apply(Node before, Node node);
    }

    private Passes() {}

    /** Applies all passes: what an engine computes step by step. */
    public static Graph fuseAll(Graph graph) {
        return fuseSums(foldNormalizations(fuseRelus(graph)));
    }

    /**
     * Folds normalizations and biases into the convolutions before them, where both are in the same part of the same block: in
     * evaluation they are a factor and an offset of each channel. Comes behind {@link #fuseRelus}.
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

    /** Merges ReLU into the node that it follows in the same layer. ReLU as a layer of its own stays. */
    public static Graph fuseRelus(Graph graph) {
        return merge(
                graph,
                (before, node) -> node.operation() instanceof Operation.Relu
                                && node.origin().layer().equals(before.origin().layer())
                        ? before.epilogue().withRelu()
                        : null);
    }

    /**
     * Merges sums that weigh nothing into the convolution or the squeeze-and-excitation that ends the branch, unless ReLU stands
     * between. Comes behind the other two.
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
