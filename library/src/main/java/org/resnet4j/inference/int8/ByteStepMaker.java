package org.resnet4j.inference.int8;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Passes;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.inference.step.BufferAssignment;
import org.resnet4j.inference.step.Packing;
import org.resnet4j.inference.step.Schedule;
import org.resnet4j.inference.step.Step;
import org.resnet4j.inference.step.StepMaker;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Convolution;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.kernel.Int8Weights;
import org.resnet4j.parallel.Scratch;

/** Compiles a graph into steps in bytes. */
final class ByteStepMaker {
    /** The display name of the algorithm of steps in bytes. */
    private static final String INT8 = "int8";

    private final Graph graph;
    private final Int8Engine engine;
    private final Quantization quantization;
    private final BufferAssignment buffers;
    private final StepMaker floats;
    private final Map<Integer, ByteValue> values = new HashMap<>();

    ByteStepMaker(Graph unfused, Int8Engine engine) {
        this.graph = Schedule.of(Passes.fuseAll(unfused));
        this.engine = engine;
        this.quantization = engine.quantization();
        this.buffers = BufferAssignment.of(graph);
        this.floats = new StepMaker(engine.compute().kernels().prediction(), Packing.FASTEST_CALLS, buffers);
        setValues();
    }

    /** Sets the scales of the values, and the halos that their readers need. */
    private void setValues() {
        Map<Integer, Integer> halos = halos();
        values.put(Graph.IMAGES, new ByteValue(quantization.images(), halos.getOrDefault(Graph.IMAGES, 0)));
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Linear) {
                continue;
            }
            ByteScale scale = Quantization.keepsScale(node.operation())
                    ? value(node.input()).scale()
                    : quantization.scale(node.name());
            values.put(node.id(), new ByteValue(scale, halos.getOrDefault(node.id(), 0)));
        }
    }

    /** Returns the halos of the values. A sum and the value that it overwrites have the same. */
    private Map<Integer, Integer> halos() {
        var halos = new HashMap<Integer, Integer>();
        for (Node node : graph.nodes()) {
            int padding = switch (node.operation()) {
                case Operation.Convolution convolution -> convolution.window().padding();
                case Operation.MaxPool pool -> pool.window().padding();
                default -> 0;
            };
            halos.merge(node.input(), padding, Math::max);
        }
        List<Node> nodes = graph.nodes();
        // A value takes the halo of the sum that overwrites it, which is later; then a sum takes that of the value.
        for (Node node : nodes.reversed()) {
            if (BufferAssignment.writesOverLastInput(node)) {
                halos.merge(node.inputs().getLast(), halos.getOrDefault(node.id(), 0), Math::max);
            }
        }
        for (Node node : nodes) {
            if (BufferAssignment.writesOverLastInput(node)) {
                halos.merge(node.id(), halos.getOrDefault(node.inputs().getLast(), 0), Math::max);
            }
        }
        return halos;
    }

    private ByteValue value(int id) {
        ByteValue value = values.get(id);
        if (value == null) {
            throw new IllegalArgumentException("value " + id + " is read before it is computed");
        }
        return value;
    }

    /** Returns the compiled network. */
    Int8Network network() {
        List<Node> nodes = graph.nodes();
        var steps = new ByteStep[nodes.size()];
        // Weights of several layers are packed in parallel.
        engine.compute()
                .workers()
                .run(steps.length, (index, scratch) -> steps[index] = step(nodes.get(index), scratch));
        return new Int8Network(
                graph.images(), List.of(steps), nodes.stream().map(Node::id).toList(), engine.compute());
    }

    private ByteStep step(Node node, Scratch scratch) {
        try {
            return made(node, scratch);
        } catch (IllegalArgumentException impossible) {
            throw new IllegalArgumentException(node.name() + ": " + impossible.getMessage(), impossible);
        }
    }

    private ByteStep made(Node node, Scratch scratch) {
        QuantizedWeights weights = quantization.weights(node.name());
        return switch (node.operation()) {
            case Operation.Convolution convolution when weights != null -> convolution(node, convolution, weights);
            case Operation.Linear linear when weights != null -> linear(node, linear, weights);
            default -> step(node, floats.step(node, scratch));
        };
    }

    private ByteStep convolution(Node node, Operation.Convolution convolution, QuantizedWeights weights) {
        boolean relu = node.epilogue().relu();
        ConvolutionShape window = convolution.window();
        ByteScale x = value(node.input()).scale();
        ByteTarget target = target(node, 1, relu);
        ByteScale shortcut = target.residual();
        Int8Weights scaled = shortcut == null
                ? weights.toBytes(x, target)
                : weights.toSums(x, quantization.branchScale(node.name(), shortcut), target);
        Int8Convolution packed = engine.kernel().pack(window, scaled);
        String kind = Step.Convolution.kind(window, node.epilogue().adds(), relu);
        return new ByteStep.Convolution(wiring(node, kind, window, packed), packed);
    }

    private ByteStep linear(Node node, Operation.Linear linear, QuantizedWeights weights) {
        ConvolutionShape rows =
                ConvolutionShape.matrix(node.shape().extent(0), linear.inFeatures(), linear.outFeatures());
        Int8Convolution packed =
                engine.kernel().pack(rows, weights.toFloats(value(node.input()).scale()));
        return new HeadStep.Linear(wiring(node, "linear + bias", rows, packed), packed);
    }

    /** Returns the step in bytes for a step in float32, which computes in float32 if there is none. */
    private ByteStep step(Node node, Step step) {
        ByteStep.Wiring floats = wiring(node, step.describe(), step.shape());
        ByteStep.Wiring wiring = wiring(node, step.describe().withAlgorithm(INT8), step.shape());
        Int8MapKernel maps = engine.maps();
        return switch (step) {
            case Step.Convolution convolution -> new ByteStep.InFloats(floats, convolution);
            case Step.Gate gate -> new ByteStep.InFloats(floats, gate);
            case Step.Linear linear -> new HeadStep.LinearInFloats(floats, linear);
            case Step.MaxPool pool -> new ByteStep.MaxPool(wiring, maps);
            case Step.AveragePool pool ->
                new ByteStep.AveragePool(wiring, rescaling(node, new float[] {1}, new float[1], 1, false), maps);
            case Step.Subsample subsample -> new ByteStep.Subsample(wiring);
            case Step.Affine affine -> {
                int channels = affine.affine().length / 2;
                float[] factors = Arrays.copyOf(affine.affine(), channels);
                float[] offsets = Arrays.copyOfRange(affine.affine(), channels, 2 * channels);
                yield new ByteStep.Rescale(wiring, rescaling(node, factors, offsets, 1, affine.relu()), maps);
            }
            case Step.Sum sum -> {
                var factors = new float[sum.shape().outChannels()];
                Arrays.fill(factors, sum.factor());
                float[] offsets = new float[factors.length];
                yield new ByteStep.Rescale(wiring, rescaling(node, factors, offsets, sum.factor(), sum.relu()), maps);
            }
            case Step.Squeeze squeeze ->
                new ByteSqueeze(wiring, target(node, 1, squeeze.relu()), squeeze.layers(), maps);
            case Step.GlobalAverage average -> new HeadStep.GlobalAverage(wiring, maps);
        };
    }

    private Int8Rescaling rescaling(Node node, float[] factors, float[] offsets, float weightOfAdded, boolean relu) {
        return target(node, weightOfAdded, relu).rescaling(value(node.input()).scale(), factors, offsets);
    }

    private ByteTarget target(Node node, float weightOfAdded, boolean relu) {
        ByteValue added = added(node);
        return new ByteTarget(value(node.id()).scale(), added == null ? null : added.scale(), weightOfAdded, relu);
    }

    /** Returns the value that a node adds and overwrites, or null. */
    private @Nullable ByteValue added(Node node) {
        return BufferAssignment.writesOverLastInput(node) ? value(node.inputs().getLast()) : null;
    }

    private ByteStep.Wiring wiring(Node node, String kind, ConvolutionShape shape, Int8Convolution packed) {
        String layer = node.origin().layer();
        return wiring(node, new PlanStep(layer, kind, INT8, node.shape(), shape.multiplyAdds(), packed.bytes()), shape);
    }

    private ByteStep.Wiring wiring(Node node, PlanStep description, ConvolutionShape shape) {
        ByteValue input = value(node.input());
        int target = buffers.of(node.id());
        ByteValue output = target >= 0 ? value(node.id()) : input;
        return new ByteStep.Wiring(description, buffers.of(node.input()), target, shape, input, output, added(node));
    }
}
