package org.resnet4j.inference.float32;

import java.util.List;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Passes;
import org.resnet4j.inference.step.BufferAssignment;
import org.resnet4j.inference.step.Schedule;
import org.resnet4j.inference.step.Step;
import org.resnet4j.inference.step.StepMaker;

/** Compiles a graph into steps with the buffers that they read and write. */
final class PlanBuilder {
    private PlanBuilder() {}

    /**
     * The steps of a graph.
     *
     * @param steps the steps; the last two compute the features and the logits
     * @param values the id of the value of each step
     */
    record Built(List<Step> steps, List<Integer> values) {}

    /** Compiles a graph into steps. */
    static Built build(Graph graph, Float32Engine engine) {
        Graph scheduled = Schedule.of(Passes.fuseAll(graph));
        BufferAssignment buffers = BufferAssignment.of(scheduled);
        var maker = new StepMaker(engine.compute().kernels().prediction(), engine.packing(), buffers);
        List<Node> nodes = scheduled.nodes();
        var steps = new Step[nodes.size()];
        // Weights of several layers are folded and packed in parallel.
        engine.compute()
                .workers()
                .run(steps.length, (index, scratch) -> steps[index] = maker.step(nodes.get(index), scratch));
        return new Built(List.of(steps), nodes.stream().map(Node::id).toList());
    }
}
