package org.resnet4j.inference.bfloat16;

import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.inference.engine.CompiledNetwork;
import org.resnet4j.inference.engine.Engine;
import org.resnet4j.kernel.BFloat16Kernel;

/**
 * An engine that computes in bfloat16.
 *
 * @param compute the kernels for what is computed in float32, and the threads; stays the caller's to close, after the
 *     last call
 * @param kernel the kernels for bfloat16
 */
public record BFloat16Engine(Compute compute, BFloat16Kernel kernel) implements Engine {
    @Override
    public CompiledNetwork compile(Graph graph) {
        return new BFloat16StepMaker(graph, this).network();
    }
}
