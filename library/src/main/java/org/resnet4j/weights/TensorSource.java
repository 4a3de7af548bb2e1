package org.resnet4j.weights;

import java.io.IOException;
import java.util.Map;
import org.resnet4j.tensor.Shape;

/**
 * Tensors by name that are read one at a time; all names and shapes are known before any is read. In this way a network is
 * filled from a file of any size without holding the file's tensors beside its own.
 */
public interface TensorSource {
    /** The shape of every tensor by its name, in the order in which they are read fastest; cannot be changed. */
    Map<String, Shape> shapes();

    /**
     * Reads elements of a tensor that follow each other, row-major.
     *
     * @param start the first of them
     * @param count how many
     * @param target gets them from its start; may be longer
     * @throws IllegalArgumentException if there is no tensor of this name
     * @throws IndexOutOfBoundsException if the tensor has not so many, or they do not fit the target
     * @throws IOException if they cannot be read
     */
    void read(String name, int start, int count, float[] target) throws IOException;
}
