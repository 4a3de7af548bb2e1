package org.resnet4j.inference.float32;

import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.inference.engine.CompiledNetwork;
import org.resnet4j.inference.engine.Engine;

/**
 * Computes networks in float32 by the kernels of this machine.
 *
 * @param compute stays the caller's to close, after the last call
 * @param packing the way to pack weights
 */
public record Float32Engine(Compute compute, Packing packing) implements Engine {
    /** A way to pack the weights of convolutions. */
    public enum Packing {
        /** For the algorithm that computes each convolution fastest. */
        FASTEST_CALLS,
        /** For convolution by its definition, which is packed soonest, and is one hot method to compile instead of ten. */
        SOONEST
    }

    @Override
    public CompiledNetwork compile(Graph graph) {
        return new Float32Network(graph, PlanBuilder.build(graph, this), compute);
    }
}
