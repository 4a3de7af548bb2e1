package org.resnet4j.inference.float32;

import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.inference.engine.CompiledNetwork;
import org.resnet4j.inference.engine.Engine;
import org.resnet4j.inference.step.Packing;

/**
 * An engine that computes in float32 with the kernels of this machine.
 *
 * @param compute the kernels and threads; stays the caller's to close, after the last call
 * @param packing the packing of weights
 */
public record Float32Engine(Compute compute, Packing packing) implements Engine {
    @Override
    public CompiledNetwork compile(Graph graph) {
        return new Float32Network(graph, PlanBuilder.build(graph, this), compute);
    }
}
