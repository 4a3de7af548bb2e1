package org.resnet4j.graph;

import java.util.List;
import org.resnet4j.tensor.Shape;

/**
 * One operation of a graph, and the value that it gives.
 *
 * @param id of the node and of its value, from 1
 * @param name unique in the graph: {@code layer1.0.conv1}, {@code layer1.0.sum}
 * @param origin the layer that it belongs to
 * @param operation what it computes
 * @param inputs ids of the values that it reads; 0 is the images
 * @param shape of its value
 * @param epilogue what it computes behind the operation
 */
public record Node(
        int id, String name, Origin origin, Operation operation, List<Integer> inputs, Shape shape, Epilogue epilogue) {
    public Node {
        inputs = List.copyOf(inputs);
    }

    /** Returns the id of the value that it computes from, which a sum adds another to. */
    public int input() {
        return inputs.getFirst();
    }
}
