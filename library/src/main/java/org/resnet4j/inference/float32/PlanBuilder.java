package org.resnet4j.inference.float32;

import java.util.List;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Passes;

/** Turns a graph into steps, each with the buffers that it reads and writes. */
final class PlanBuilder {
    private PlanBuilder() {}

    /**
     * A graph as steps.
     *
     * @param steps the last two give the features and the scores
     * @param values id of the value that each step gives
     */
    record Built(List<Step> steps, List<Integer> values) {}

    /** Turns a graph into steps. */
    static Built build(Graph graph, Float32Engine engine) {
        Graph scheduled = Schedule.of(Passes.fuseAll(graph));
        BufferAssignment buffers = BufferAssignment.of(scheduled);
        var maker = new StepMaker(engine, buffers);
        List<Node> nodes = scheduled.nodes();
        var steps = new Step[nodes.size()];
        // Weights are folded and packed several layers at a time.
        engine.compute()
                .workers()
                .run(steps.length, (index, scratch) -> steps[index] = maker.step(nodes.get(index), scratch));
        return new Built(List.of(steps), nodes.stream().map(Node::id).toList());
    }
}
