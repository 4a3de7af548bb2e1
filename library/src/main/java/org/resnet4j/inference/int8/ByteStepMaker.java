package org.resnet4j.inference.int8;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Passes;
import org.resnet4j.inference.step.BufferAssignment;
import org.resnet4j.inference.step.Packing;
import org.resnet4j.inference.step.Schedule;
import org.resnet4j.inference.step.Step;
import org.resnet4j.inference.step.StepMaker;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Window;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.tensor.Shape;

/** Compiles a graph into steps in bytes. */
final class ByteStepMaker {
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
            // The maximum of bytes is one of them.
            ByteScale scale = node.operation() instanceof Operation.MaxPool
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
        String layer = node.origin().layer();
        int source = buffers.of(node.input());
        int target = buffers.of(node.id());
        return switch (node.operation()) {
            case Operation.Convolution convolution -> {
                QuantizedWeights weights = quantization.weights(node.name());
                yield weights == null ? inFloats(node, scratch) : convolution(node, convolution, weights);
            }
            case Operation.MaxPool pool ->
                new ByteStep.MaxPool(
                        layer, source, target, pool.window(), value(node.input()), value(node.id()), engine.kernel());
            case Operation.GlobalAverage average -> {
                Shape shape = node.shape();
                ConvolutionShape pixel =
                        new ConvolutionShape(shape.extent(0), 1, 1, shape.extent(1), shape.extent(1), Window.PIXEL, 1);
                yield new ByteStep.GlobalAverage(layer, source, target, pixel, value(node.input()));
            }
            case Operation.Linear linear -> linear(node, linear, scratch);
            default -> inFloats(node, scratch);
        };
    }

    private ByteStep convolution(Node node, Operation.Convolution convolution, QuantizedWeights weights) {
        boolean adds = node.epilogue().adds();
        boolean relu = node.epilogue().relu();
        ByteValue x = value(node.input());
        ByteValue y = value(node.id());
        @Nullable ByteScale added = adds ? value(node.inputs().getLast()).scale() : null;
        Int8Kernel kernel = engine.kernel();
        return new ByteStep.Convolution(
                node.origin().layer(),
                Step.Convolution.kind(convolution.window(), adds, relu),
                buffers.of(node.input()),
                buffers.of(node.id()),
                convolution.window(),
                x,
                new ByteStep.Convolution.Result(y, adds),
                kernel.pack(convolution.window(), weights.scaled(x.scale(), y.scale(), added, relu)));
    }

    private ByteStep linear(Node node, Operation.Linear linear, Scratch scratch) {
        QuantizedWeights weights = quantization.weights(node.name());
        ByteValue features = value(node.input());
        if (weights == null) {
            return new ByteStep.LinearInFloats(floats.step(node, scratch), features);
        }
        ConvolutionShape rows =
                ConvolutionShape.matrix(node.shape().extent(0), linear.inFeatures(), linear.outFeatures());
        return new ByteStep.Linear(
                node.origin().layer(),
                buffers.of(node.input()),
                buffers.of(node.id()),
                rows,
                features,
                engine.kernel().pack(rows, weights.toFloats(features.scale())));
    }

    private ByteStep inFloats(Node node, Scratch scratch) {
        Step step = floats.step(node, scratch);
        return new ByteStep.InFloats(
                step,
                value(node.input()),
                value(node.id()),
                step.add() ? value(node.inputs().getLast()) : null);
    }
}
