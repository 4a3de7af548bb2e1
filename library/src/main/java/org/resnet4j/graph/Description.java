package org.resnet4j.graph;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.layer.Parameter;
import org.resnet4j.tensor.Shape;

/** A description of a graph with one line for each layer, in the order of computation. */
public final class Description {
    private final Graph graph;
    private final List<LayerSummary> lines = new ArrayList<>();

    private Description(Graph graph) {
        this.graph = graph;
    }

    /** Describes the layers of a network. */
    public static List<LayerSummary> of(Graph graph) {
        var description = new Description(Passes.fuseRelus(graph));
        description.graph.nodes().forEach(description::add);
        return List.copyOf(description.lines);
    }

    private void add(Node node) {
        switch (node.operation()) {
            case Operation.Convolution convolution ->
                add(node, kind(convolution.window()), convolution.window().multiplyAdds());
            case Operation.BatchNormalization norm -> add(node, "batch norm", 0);
            case Operation.Bias bias -> add(node, "bias", 0);
            case Operation.Relu relu -> add(node, "ReLU", 0);
            case Operation.MaxPool pool -> {
                ConvolutionShape window = pool.window();
                String size = window.kernelHeight() + "x" + window.kernelWidth();
                add(node, "max pool " + size + ", stride " + window.stride(), 0);
            }
            case Operation.AveragePool pool -> {
                int cell = pool.cells().stride();
                add(node, "average pool " + cell + "x" + cell, 0);
            }
            case Operation.ZeroPadding padding ->
                add(node, "zero padding, stride " + padding.window().stride(), 0);
            case Operation.SqueezeExcitation gate -> {
                long weights = 2L * gate.channels() * gate.hidden();
                add(node, "squeeze-and-excitation", weights * node.shape().extent(0));
            }
            case Operation.Sum sum -> addSum(node, sum);
            case Operation.GlobalAverage average -> add(node, "global average pool", 0);
            case Operation.Linear linear -> {
                long weights = linear.weight().shape().size();
                add(node, "linear", weights * node.shape().extent(0));
            }
        }
    }

    private void add(Node node, String kind, long multiplyAdds) {
        add(node.name(), words(node, kind), node.shape(), node.operation().parameters(), multiplyAdds);
    }

    private void add(String name, String kind, Shape shape, List<Parameter> parameters, long multiplyAdds) {
        long numbers = parameters.stream()
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
        lines.add(new LayerSummary(name, kind, shape, numbers, multiplyAdds));
    }

    private static String words(Node node, String kind) {
        return node.epilogue().relu() ? kind + ", ReLU" : kind;
    }

    private static String kind(ConvolutionShape window) {
        return "conv " + window.kernelHeight() + "x" + window.kernelWidth()
                + (window.stride() > 1 ? ", stride " + window.stride() : "")
                + (window.groups() > 1 ? ", " + window.groups() + " groups" : "");
    }

    /** Adds a line for the sum if it has a gate. The identity has no line, because it is not an operation. */
    private void addSum(Node node, Operation.Sum sum) {
        switch (sum.weighing()) {
            case Weighing.None none -> {}
            case Weighing.Constant constant -> {}
            case Weighing.Gate gate -> {
                long weights = gate.weight().shape().size();
                long pixels = node.shape().size() / gate.bias().shape().size();
                String kind = gate.exclusive() ? "gate of branch and shortcut" : "gate of the shortcut";
                add(gate.name(), kind, node.shape(), gate.parameters(), weights * pixels);
            }
        }
        for (Block block : graph.blocks()) {
            if (block.name().equals(node.origin().block()) && block.shortcut() == Block.Shortcut.IDENTITY) {
                Shape shape = graph.shape(node.inputs().getLast());
                add(block.name() + ".shortcut", "identity", shape, List.of(), 0);
            }
        }
        add(node.name(), words(node, sum.kind()), node.shape(), List.of(), 0);
    }
}
