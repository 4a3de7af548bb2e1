package org.resnet4j.layer;

import java.util.List;
import java.util.function.Consumer;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A differentiable function of one tensor, with parameters.
 *
 * <p>A layer keeps nothing between calls but its parameters and buffers. {@code forward} is training: it uses the
 * batch's own statistics and saves on the tape what {@code backward} needs. {@code predict} is evaluation: it uses the
 * running statistics and saves nothing. Calls to {@code backward} come in the reverse order of the calls to
 * {@code forward} on the same tape.
 *
 * <p>Who owns a tensor: the argument of every method stays the caller's. The result of {@code forward} belongs to the
 * layer and is released by its {@code backward}; the results of {@code backward} and {@code predict} belong to the
 * caller, who releases them to the workspace. A result may be the argument itself: an identity, or a gradient that took the
 * place of the other.
 */
public interface Layer {
    /** The layer's path in the network, as in torchvision: {@code layer1.0.conv1}. */
    String name();

    /**
     * The shape of the result for an input of this shape.
     *
     * @throws org.resnet4j.tensor.ShapeMismatchException if the layer cannot take it
     */
    Shape outputShape(Shape input);

    /** Computes the result in training and saves on the tape what {@link #backward} needs. */
    Tensor forward(Tensor input, Tape tape);

    /**
     * Adds to the gradients of the parameters and gives the gradient to the input.
     *
     * @param outputGradient the gradient of the loss by the result of the matching {@code forward}; same shape. What it holds
     *     afterwards is undefined, unless it is the result
     */
    Tensor backward(Tensor outputGradient, Tape tape);

    /**
     * As {@link #backward}, but adds the gradient to the input to one that came another way: where paths part going
     * forward, gradients add.
     *
     * @param inputGradient of the input's shape; gets the sum
     */
    default void backwardAdding(Tensor outputGradient, Tensor inputGradient, Tape tape) {
        Tensor own = backward(outputGradient, tape);
        Workspace workspace = tape.workspace();
        workspace.kernels().elementwise().add(own.size(), own.array(), inputGradient.array(), workspace.workers());
        if (own != outputGradient) {
            workspace.release(own);
        }
    }

    /** Computes the result in evaluation. */
    Tensor predict(Tensor input, Workspace workspace);

    /** The parameters, in the order of torchvision's state dict. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /** The buffers (running statistics), in the order of torchvision's state dict. */
    default List<StateBuffer> buffers() {
        return List.of();
    }

    /**
     * Describes the layer, or each of its parts, for an input of this shape.
     *
     * @throws org.resnet4j.tensor.ShapeMismatchException if the layer cannot take it
     */
    void describe(Shape input, Consumer<LayerSummary> lines);
}
