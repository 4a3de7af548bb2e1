package org.resnet4j.weights;

import java.io.IOException;
import java.util.Map;
import org.resnet4j.tensor.Shape;

/**
 * Tensors by name that are read one at a time; all names and shapes are known beforehand. A network can be loaded from
 * a file of any size without a second copy of its tensors in memory.
 *
 * @since 0.1.0
 */
public interface TensorSource {
    /** Returns the shape of every tensor by its name, in the order of fastest reading; read-only. */
    Map<String, Shape> shapes();

    /**
     * Reads contiguous elements of a tensor, row-major.
     *
     * @param start the first element
     * @param count the number of elements
     * @param target receives the elements from its start; may be longer
     * @throws IllegalArgumentException if there is no tensor of this name
     * @throws IndexOutOfBoundsException if the tensor has fewer elements, or they do not fit the target
     * @throws IOException if they cannot be read
     */
    void read(String name, int start, int count, float[] target) throws IOException;
}
