package org.resnet4j.onnx.read;

import org.resnet4j.tensor.Shape;

/** What a tensor of a network's state dict is in a file. */
public sealed interface Binding {
    /** As PyTorch has it. */
    Shape shape();

    /**
     * A tensor of the file.
     *
     * @param transposed whether the file has a matrix with its axes exchanged
     * @param added to each element
     */
    record Stored(Shape shape, StoredTensor tensor, boolean transposed, float added) implements Binding {}

    /** The same number everywhere: what is left of a normalisation that was folded into its convolution. */
    record Uniform(Shape shape, float value) implements Binding {}
}
