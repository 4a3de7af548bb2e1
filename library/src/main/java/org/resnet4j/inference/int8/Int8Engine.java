package org.resnet4j.inference.int8;

import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.inference.engine.CompiledNetwork;
import org.resnet4j.inference.engine.Engine;
import org.resnet4j.kernel.Int8Kernel;

/**
 * An engine for quantized networks.
 *
 * @param compute the kernels for what is computed in float32, and the threads; stays the caller's to close, after the
 *     last call
 * @param kernel the kernel for bytes
 * @param quantization the numbers of the network
 */
public record Int8Engine(Compute compute, Int8Kernel kernel, Quantization quantization) implements Engine {
    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException also if the quantization is not that of the network
     */
    @Override
    public CompiledNetwork compile(Graph graph) {
        return new ByteStepMaker(graph, this).network();
    }
}
