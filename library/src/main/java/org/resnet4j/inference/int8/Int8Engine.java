package org.resnet4j.inference.int8;

import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.inference.engine.CompiledNetwork;
import org.resnet4j.inference.engine.Engine;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Int8MapKernel;

/**
 * An engine for quantized networks.
 *
 * @param compute the kernels for what is computed in float32, and the threads; stays the caller's to close, after the
 *     last call
 * @param kernel the kernel of convolutions
 * @param maps the kernel of everything else in bytes
 * @param quantization the numbers of the network
 */
public record Int8Engine(Compute compute, Int8Kernel kernel, Int8MapKernel maps, Quantization quantization)
        implements Engine {
    /** Creates an engine that computes everything in bytes with the same family of kernels. */
    public Int8Engine(Compute compute, Int8Kernel kernel, Quantization quantization) {
        this(compute, kernel, kernel.maps(), quantization);
    }

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
