package org.resnet4j.inference.float32;

import java.util.List;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Passes;

/** Turns a graph into steps, each with the buffers that it reads and writes. */
final class PlanBuilder {
    private PlanBuilder() {}

    /** Returns the steps of a graph, the last two of which give the features and the scores. */
    static List<Step> build(Graph graph, Float32Engine engine) {
        Graph scheduled = Schedule.of(Passes.fuseAll(graph));
        BufferAssignment buffers = BufferAssignment.of(scheduled);
        var maker = new StepMaker(engine, buffers);
        List<Node> nodes = scheduled.nodes();
        var steps = new Step[nodes.size()];
        // Weights are folded and packed several layers at a time.
        engine.compute()
                .workers()
                .run(steps.length, (index, scratch) -> steps[index] = maker.step(nodes.get(index), scratch));
        return List.of(steps);
    }
}
