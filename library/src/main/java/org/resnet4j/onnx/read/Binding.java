package org.resnet4j.onnx.read;

import org.resnet4j.tensor.Shape;

/** The source of a state dict tensor in a file. */
public sealed interface Binding {
    /** Returns the shape in PyTorch's layout. */
    Shape shape();

    /**
     * A tensor of the file.
     *
     * @param transposed true if the file holds the matrix with its axes exchanged
     * @param added number added to each element
     */
    record Stored(Shape shape, StoredTensor tensor, boolean transposed, float added) implements Binding {}

    /** A constant number for all elements: the remainder of a normalization that was folded into its convolution. */
    record Uniform(Shape shape, float value) implements Binding {}
}
