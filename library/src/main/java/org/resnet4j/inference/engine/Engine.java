package org.resnet4j.inference.engine;

import org.resnet4j.graph.Graph;

/** A way to compute networks: a number format on a device. */
public interface Engine {
    /**
     * Compiles a network as it is now; later changes of its weights do not reach the compiled one.
     *
     * @param graph as it is made of a network, without any pass; its images are those of a usual call
     * @throws IllegalArgumentException if the engine cannot compute the graph
     */
    CompiledNetwork compile(Graph graph);
}
