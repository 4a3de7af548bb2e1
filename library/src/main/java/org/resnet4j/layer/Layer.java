package org.resnet4j.layer;

import java.util.List;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A differentiable function of one tensor, with parameters.
 *
 * <p>A layer keeps nothing between calls but its parameters and buffers. {@code forward} is training: it uses the
 * batch's own statistics and saves the tensors that {@code backward} needs on the tape. {@code predict} is evaluation:
 * it uses the running statistics and saves nothing. On the same tape, {@code backward} must be called in the reverse
 * order of {@code forward}.
 *
 * <p>Ownership: a tensor passed as an argument stays the caller's, and a {@link Gradient} becomes the layer's. The
 * result of {@code forward} belongs to the layer and is released by its {@code backward}. The results of
 * {@code backward} and {@code predict} belong to the caller, who releases them to the workspace. The result of
 * {@code forward} or {@code predict} may be the argument itself.
 */
public interface Layer {
    /** Returns the layer's path in the network, named as in torchvision: {@code layer1.0.conv1}. */
    String name();

    /**
     * Returns the shape of the result for an input of this shape.
     *
     * @throws org.resnet4j.tensor.ShapeMismatchException if the layer does not accept this shape
     */
    Shape outputShape(Shape input);

    /** Computes the result in training. Saves the tensors needed by {@link #backward(Gradient, Tape)} on the tape. */
    Tensor forward(Tensor input, Tape tape);

    /**
     * Adds to the gradients of the parameters and returns the gradient of the loss with respect to the input.
     *
     * @param outputGradient the gradient of the loss with respect to the result of the matching {@code forward}; same
     *     shape
     */
    Gradient backward(Gradient outputGradient, Tape tape);

    /**
     * Computes {@link #backward(Gradient, Tape)} of a tensor that stays the caller's and is not modified.
     *
     * @return the elements of the gradient, which belong to the caller
     */
    default Tensor backward(Tensor outputGradient, Tape tape) {
        Workspace workspace = tape.workspace();
        return backward(Gradient.of(workspace.share(outputGradient)), tape).read(workspace);
    }

    /**
     * Computes {@link #backward(Gradient, Tape)} plus another gradient. Where the forward pass uses a tensor twice, the
     * gradients of both uses are added.
     *
     * @param other the other gradient of the loss with respect to the input; same shape
     */
    default Gradient backwardAdding(Gradient outputGradient, Gradient other, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor own = backward(outputGradient, tape).read(workspace);
        Tensor sum = other.readForWriting(workspace);
        workspace.compute().add(own, sum);
        workspace.release(own);
        return Gradient.of(sum);
    }

    /** Computes the result in evaluation. */
    Tensor predict(Tensor input, Workspace workspace);

    /** Returns the parameters, in the order of torchvision's state dict. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /** Returns the buffers (running statistics), in the order of torchvision's state dict. */
    default List<StateBuffer> buffers() {
        return List.of();
    }
}
