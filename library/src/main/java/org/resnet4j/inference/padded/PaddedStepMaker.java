package org.resnet4j.inference.padded;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Passes;
import org.resnet4j.inference.engine.CompiledNetwork;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.inference.step.BufferAssignment;
import org.resnet4j.inference.step.Packing;
import org.resnet4j.inference.step.Schedule;
import org.resnet4j.inference.step.Step;
import org.resnet4j.inference.step.StepMaker;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.parallel.Scratch;

/**
 * Compiles a graph into steps on padded images.
 *
 * @param <A> the arrays that hold the numbers
 * @param <V> the values between the steps
 */
public abstract class PaddedStepMaker<A, V extends PaddedValue<A>> {
    private final Graph graph;
    private final Compute compute;
    private final String format;
    private final BufferAssignment buffers;
    private final StepMaker floats;
    private final Map<Integer, V> values = new HashMap<>();

    /**
     * @param unfused a graph to which no pass was applied
     * @param compute the kernels for what is computed in float32, and the threads
     * @param format the display name of the algorithm of steps in the number format
     */
    protected PaddedStepMaker(Graph unfused, Compute compute, String format) {
        this.graph = Schedule.of(Passes.fuseAll(unfused));
        this.compute = compute;
        this.format = format;
        this.buffers = BufferAssignment.of(graph);
        this.floats = new StepMaker(compute.kernels().prediction(), Packing.FASTEST_CALLS, buffers);
    }

    /** Returns the value of the images. */
    protected abstract V images(int halo);

    /** Returns the value of a node. */
    protected abstract V value(Node node, int halo);

    /**
     * Returns the step of a node, or null to compute it in float32.
     *
     * @param scratch the memory of the thread
     */
    protected abstract @Nullable PaddedStep<A> step(Node node, Scratch scratch);

    /** Returns the step in the number format for a step in float32, or null if there is none. */
    protected abstract @Nullable PaddedStep<A> step(Node node, Step step);

    /** Returns the compiled network. */
    public final CompiledNetwork network() {
        setValues();
        List<Node> nodes = graph.nodes();
        var steps = new AtomicReferenceArray<PaddedStep<A>>(nodes.size());
        // Weights of several layers are packed in parallel.
        compute.workers().run(nodes.size(), (index, scratch) -> steps.set(index, named(nodes.get(index), scratch)));
        return new PaddedNetwork<>(
                graph.images(),
                IntStream.range(0, nodes.size()).mapToObj(steps::get).toList(),
                nodes.stream().map(Node::id).toList(),
                compute);
    }

    /** Sets the formats of the values, and the halos that their readers need. */
    private void setValues() {
        Map<Integer, Integer> halos = halos();
        values.put(Graph.IMAGES, images(halos.getOrDefault(Graph.IMAGES, 0)));
        for (Node node : graph.nodes()) {
            if (!(node.operation() instanceof Operation.Linear)) {
                values.put(node.id(), value(node, halos.getOrDefault(node.id(), 0)));
            }
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

    /** Returns a value that has been computed. */
    protected final V value(int id) {
        V value = values.get(id);
        if (value == null) {
            throw new IllegalArgumentException("value " + id + " is read before it is computed");
        }
        return value;
    }

    private PaddedStep<A> named(Node node, Scratch scratch) {
        try {
            return made(node, scratch);
        } catch (IllegalArgumentException impossible) {
            throw new IllegalArgumentException(node.name() + ": " + impossible.getMessage(), impossible);
        }
    }

    private PaddedStep<A> made(Node node, Scratch scratch) {
        PaddedStep<A> inFormat = step(node, scratch);
        if (inFormat != null) {
            return inFormat;
        }
        Step step = floats.step(node, scratch);
        inFormat = step(node, step);
        if (inFormat != null) {
            return inFormat;
        }
        PaddedStep.Wiring<A> wiring = wiring(node, step.describe(), step.shape());
        return step instanceof Step.Linear
                ? new PaddedStep.LinearInFloats<>(wiring, step)
                : new PaddedStep.InFloats<>(wiring, step);
    }

    /** Returns the value that a node adds and overwrites, or null. */
    protected final @Nullable V added(Node node) {
        return BufferAssignment.writesOverLastInput(node) ? value(node.inputs().getLast()) : null;
    }

    /** Returns the place of a layer with packed weights. */
    protected final PaddedStep.Wiring<A> wiring(Node node, String kind, ConvolutionShape shape, long bytes) {
        String layer = node.origin().layer();
        return wiring(node, new PlanStep(layer, kind, format, node.shape(), shape.multiplyAdds(), bytes), shape);
    }

    /** Returns the place of a step that replaces one in float32. */
    protected final PaddedStep.Wiring<A> wiring(Node node, Step step) {
        return wiring(node, step.describe().withAlgorithm(format), step.shape());
    }

    private PaddedStep.Wiring<A> wiring(Node node, PlanStep description, ConvolutionShape shape) {
        V input = value(node.input());
        int target = buffers.of(node.id());
        V output = target >= 0 ? value(node.id()) : input;
        return new PaddedStep.Wiring<>(
                description, buffers.of(node.input()), target, shape, input, output, added(node));
    }
}
