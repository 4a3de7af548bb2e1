package org.resnet4j.layer;

import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * The addition {@code y = f + s}: the end of a block with pre-activation, where normalization and ReLU precede the
 * convolutions (He et al., 2016, figure 1b). The sum overwrites f.
 *
 * <p><b>Shapes.</b> Input and output {@code [N, H, W, C]}.
 *
 * @param name the layer's path
 */
public record Addition(String name) implements SummingLayer {
    @Override
    public Shape outputShape(Shape input) {
        return input;
    }

    @Override
    public Tensor forwardSum(Tensor input, @Nullable Tensor residual, Tape tape) {
        return predictSum(input, residual, tape.workspace());
    }

    /** Returns the gradient with respect to the sum, which is also that with respect to each summand. */
    @Override
    public Gradients backwardSum(Gradient outputGradient, Tape tape) {
        return Gradients.same(outputGradient.read(tape.workspace()), tape.workspace());
    }

    @Override
    public Tensor predictSum(Tensor input, @Nullable Tensor residual, Workspace workspace) {
        if (residual != null) {
            if (!residual.shape().equals(input.shape())) {
                throw new ShapeMismatchException(
                        "shortcut added at " + name, input.shape().toString(), residual.shape());
            }
            workspace.compute().add(residual, input);
        }
        return input;
    }

    @Override
    public boolean hasRelu() {
        return false;
    }

    @Override
    public SummingLayer withoutActivation() {
        return this;
    }
}
