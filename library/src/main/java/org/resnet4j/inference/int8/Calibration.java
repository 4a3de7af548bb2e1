package org.resnet4j.inference.int8;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Passes;
import org.resnet4j.inference.engine.CompiledNetwork;
import org.resnet4j.inference.float32.Float32Engine;
import org.resnet4j.inference.step.FoldedConvolution;
import org.resnet4j.inference.step.Packing;
import org.resnet4j.inference.step.Schedule;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.tensor.Tensor;

/** The numbers of a network that is to be quantized, seen while it predicts images in float32. */
public final class Calibration {
    /** The share of the numbers that {@link Rule#PERCENTILE} keeps. */
    private static final double SHARE = 0.9999;

    private final Graph fused;
    private final CompiledNetwork network;

    /** The nodes whose values are images, in the order of computation. */
    private final List<Node> maps;

    private final Node features;
    private final Histogram images = new Histogram();
    private final Map<String, Histogram> histograms = new HashMap<>();

    /** The means of the channels of each value, by its id. */
    private final Map<Integer, ChannelMeans> means = new HashMap<>();

    /** The rule by which a range is chosen. */
    public enum Rule {
        /** All numbers. */
        MIN_MAX,
        /** All but the outermost ten thousandth. */
        PERCENTILE,
        /** The range with the smallest mean squared error. */
        MEAN_SQUARED_ERROR
    }

    /**
     * Creates a calibration.
     *
     * @param graph the graph of a network to which no pass was applied
     * @param compute stays the caller's to close
     */
    public Calibration(Graph graph, Compute compute) {
        fused = Schedule.of(Passes.fuseAll(graph));
        network = new Float32Engine(compute, Packing.FASTEST_CALLS).compile(graph);
        maps = fused.nodes().stream().filter(node -> node.shape().rank() == 4).toList();
        features = fused.nodes().get(fused.nodes().size() - 2);
        for (Node node : maps) {
            histograms.put(node.name(), new Histogram());
            if (addsInBytes(node)) {
                histograms.put(Quantization.branch(node.name()), new Histogram());
            }
        }
        histograms.put(features.name(), new Histogram());
    }

    /** Returns the names of the layers with weights, which can be quantized, in the order of computation. */
    public static Set<String> layers(Graph graph) {
        return Schedule.of(Passes.fuseAll(graph)).nodes().stream()
                .filter(node -> node.operation() instanceof Operation.Convolution
                        || node.operation() instanceof Operation.Linear)
                .map(Node::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Predicts images and adds the numbers that occur. */
    public void add(Tensor input) {
        images.add(input.array(), input.size());
        means(Graph.IMAGES, input.shape().extent(3)).add(input.array(), input.size());
        List<Tensor> values = network.values(input, maps.stream().map(Node::id).toList());
        var byId = new HashMap<>(Map.of(Graph.IMAGES, input));
        for (int i = 0; i < maps.size(); i++) {
            Node node = maps.get(i);
            Tensor value = values.get(i);
            byId.put(node.id(), value);
            histogram(node.name()).add(value.array(), value.size());
            means(node.id(), value.shape().extent(3)).add(value.array(), value.size());
            if (addsInBytes(node)) {
                float[] branch = difference(value, byId.get(node.inputs().getLast()));
                histogram(Quantization.branch(node.name())).add(branch, branch.length);
            }
        }
        int count = input.shape().extent(0) * features.shape().extent(1);
        var pooled = new float[count];
        network.run(input, pooled, null);
        histogram(features.name()).add(pooled, count);
        means(features.id(), features.shape().extent(1)).add(pooled, count);
    }

    private static boolean addsInBytes(Node node) {
        return node.operation() instanceof Operation.Convolution
                && node.epilogue().adds();
    }

    /** Returns what was added to a shortcut; where ReLU cut the sum off, the largest number that gives zero. */
    private static float[] difference(Tensor sum, @Nullable Tensor shortcut) {
        if (shortcut == null) {
            throw new IllegalArgumentException("a shortcut is not observed");
        }
        var difference = new float[sum.size()];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = sum.array()[i] - shortcut.array()[i];
        }
        return difference;
    }

    private ChannelMeans means(int value, int channels) {
        return means.computeIfAbsent(value, _ -> new ChannelMeans(channels));
    }

    private Histogram histogram(String value) {
        Histogram histogram = histograms.get(value);
        if (histogram == null) {
            throw new IllegalArgumentException(value + " is not observed");
        }
        return histogram;
    }

    /**
     * Returns the quantization of the network with its weights as they are now.
     *
     * @param rule the choice of the ranges
     * @param kept the names of the nodes that stay in float32
     */
    public Quantization quantization(Rule rule, Set<String> kept) {
        var scales = new HashMap<String, ByteScale>();
        histograms.forEach((name, histogram) -> scales.put(name, scale(histogram, rule)));
        var weights = new HashMap<String, QuantizedWeights>();
        for (Node node : fused.nodes()) {
            if (!kept.contains(node.name())) {
                weights.putAll(weights(node, input(node)));
            }
        }
        return new Quantization(images.minMax(), scales, weights);
    }

    private static ByteScale scale(Histogram histogram, Rule rule) {
        return switch (rule) {
            case MIN_MAX -> histogram.minMax();
            case PERCENTILE -> histogram.percentile(SHARE);
            case MEAN_SQUARED_ERROR -> histogram.leastError();
        };
    }

    /** Returns the means of the channels of a node's input. */
    private float[] input(Node node) {
        ChannelMeans observed = means.get(node.input());
        return observed == null ? new float[0] : observed.values();
    }

    private static Map<String, QuantizedWeights> weights(Node node, float[] input) {
        return switch (node.operation()) {
            case Operation.Convolution convolution -> {
                var folded = new float[convolution.window().weightSize()];
                float[] bias = new FoldedConvolution(convolution, node.epilogue()).fold(folded);
                yield Map.of(
                        node.name(), QuantizedWeights.of(folded, bias).corrected(folded, input, convolution.window()));
            }
            case Operation.Linear linear -> {
                float[] weight = linear.weight().value().array();
                float[] bias = linear.bias().value().array();
                ConvolutionShape shape = ConvolutionShape.matrix(1, linear.inFeatures(), linear.outFeatures());
                yield Map.of(node.name(), QuantizedWeights.of(weight, bias).corrected(weight, input, shape));
            }
            default -> Map.of();
        };
    }
}
