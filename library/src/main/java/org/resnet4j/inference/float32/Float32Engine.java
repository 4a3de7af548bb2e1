package org.resnet4j.inference.float32;

import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.inference.engine.CompiledNetwork;
import org.resnet4j.inference.engine.Engine;

/**
 * An engine that computes in float32 with the kernels of this machine.
 *
 * @param compute the kernels and threads; stays the caller's to close, after the last call
 * @param packing the packing of weights
 */
public record Float32Engine(Compute compute, Packing packing) implements Engine {
    /** The packing of the weights of convolutions. */
    public enum Packing {
        /** Packing for the algorithm that computes each convolution fastest. */
        FASTEST_CALLS,
        /**
         * Packing for convolution by its definition. These weights are packed soonest, and the JIT compiler has one hot
         * method to compile instead of ten.
         */
        SOONEST
    }

    @Override
    public CompiledNetwork compile(Graph graph) {
        return new Float32Network(graph, PlanBuilder.build(graph, this), compute);
    }
}
