package org.resnet4j.inference.engine;

import org.resnet4j.graph.Graph;

/** A compiler of networks for a number format and a device. */
public interface Engine {
    /**
     * Compiles a network as it is now; later changes of its weights do not affect the result.
     *
     * @param graph the graph of a network to which no pass was applied, for the images of a usual call
     * @throws IllegalArgumentException if the engine cannot compute the graph
     */
    CompiledNetwork compile(Graph graph);
}
