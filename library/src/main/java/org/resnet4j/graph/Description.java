package org.resnet4j.graph;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.layer.LayerSummary;
import org.resnet4j.layer.Parameter;
import org.resnet4j.tensor.Shape;

/** A graph in words: a line for each layer, in the order of computation. */
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
                add(node, kind(convolution.window()), convolution.window().multiplyAdds(), convolution.weight());
            case Operation.BatchNormalization norm -> add(node, "batch norm", 0, norm.scale(), norm.shift());
            case Operation.Bias bias -> add(node, "bias", 0, bias.bias());
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
                long multiplyAdds =
                        2L * gate.channels() * gate.hidden() * node.shape().extent(0);
                add(
                        node,
                        "squeeze-and-excitation",
                        multiplyAdds,
                        gate.reduce(),
                        gate.reduceBias(),
                        gate.expand(),
                        gate.expandBias());
            }
            case Operation.Sum sum -> addSum(node, sum);
            case Operation.GlobalAverage average -> add(node, "global average pool", 0);
            case Operation.Linear linear -> {
                long multiplyAdds =
                        (long) linear.weight().shape().size() * node.shape().extent(0);
                add(node, "linear", multiplyAdds, linear.weight(), linear.bias());
            }
        }
    }

    private void add(Node node, String kind, long multiplyAdds, Parameter... parameters) {
        long numbers = 0;
        for (Parameter parameter : parameters) {
            numbers += parameter.shape().size();
        }
        String words = node.epilogue().relu() ? kind + ", ReLU" : kind;
        lines.add(new LayerSummary(node.name(), words, node.shape(), numbers, multiplyAdds));
    }

    private static String kind(ConvolutionShape window) {
        return "conv " + window.kernelHeight() + "x" + window.kernelWidth()
                + (window.stride() > 1 ? ", stride " + window.stride() : "")
                + (window.groups() > 1 ? ", " + window.groups() + " groups" : "");
    }

    /** A gate has a line of its own, and so has an identity, which is no operation. */
    private void addSum(Node node, Operation.Sum sum) {
        switch (sum.weighing()) {
            case Weighing.None none -> {}
            case Weighing.Constant constant -> {}
            case Weighing.Gate gate -> {
                long weights = gate.weight().shape().size();
                long pixels = node.shape().size() / gate.bias().shape().size();
                lines.add(new LayerSummary(
                        gate.name(),
                        gate.exclusive() ? "gate of branch and shortcut" : "gate of the shortcut",
                        node.shape(),
                        weights + gate.bias().shape().size(),
                        weights * pixels));
            }
        }
        for (Block block : graph.blocks()) {
            if (block.name().equals(node.origin().block()) && block.shortcut() == Block.Shortcut.IDENTITY) {
                Shape shape = graph.shape(node.inputs().getLast());
                lines.add(new LayerSummary(block.name() + ".shortcut", "identity", shape, 0, 0));
            }
        }
        add(node, sum.kind(), 0);
    }
}
