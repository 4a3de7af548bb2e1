package org.resnet4j.graph;

import java.util.List;
import org.resnet4j.tensor.Shape;

/**
 * One operation of a graph and its result.
 *
 * @param id the id of the node and of its value, from 1
 * @param name a name that is unique in the graph: {@code layer1.0.conv1}, {@code layer1.0.sum}
 * @param origin the layer from which the node was built
 * @param operation the operation
 * @param inputs the ids of the values that it reads; 0 for the images
 * @param shape the shape of its value
 * @param epilogue the computation after the operation
 */
public record Node(
        int id, String name, Origin origin, Operation operation, List<Integer> inputs, Shape shape, Epilogue epilogue) {
    public Node {
        inputs = List.copyOf(inputs);
    }

    /** Returns the id of the first input. A sum adds another value to it. */
    public int input() {
        return inputs.getFirst();
    }
}
