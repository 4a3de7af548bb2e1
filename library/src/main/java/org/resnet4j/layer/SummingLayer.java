package org.resnet4j.layer;

import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Tensor;

/**
 * A layer that ends the branch of a residual block, {@code y = activation(g(f) + s)}: f is the result of the branch, g
 * the layer's own function, s the result of the shortcut.
 *
 * <p>Ownership of tensors is as in {@link Layer}. Called as a {@link Layer}, it adds no shortcut.
 */
public sealed interface SummingLayer extends Layer
        permits AffineLayer, Addition, SqueezeExcitation, StochasticSum, WeighedSum {
    /**
     * The gradients of {@link #forwardSum}.
     *
     * @param input the gradient of the loss with respect to f, the layer's input
     * @param residual the gradient of the loss with respect to s, which is d, the gradient with respect to the sum
     */
    record Gradients(Gradient input, Gradient residual) {
        /** Returns gradients that are both d and share its buffer. */
        static Gradients same(Tensor d, Workspace workspace) {
            return new Gradients(Gradient.of(d), Gradient.of(workspace.share(d)));
        }
    }

    /**
     * Computes {@code activation(g(input) + residual)} in training.
     *
     * @param residual the summand, of the result's shape; null for none
     */
    Tensor forwardSum(Tensor input, @Nullable Tensor residual, Tape tape);

    /** Computes the gradients of {@link #forwardSum} and adds to those of the parameters. */
    Gradients backwardSum(Gradient outputGradient, Tape tape);

    @Override
    default Gradient backward(Gradient outputGradient, Tape tape) {
        Gradients gradients = backwardSum(outputGradient, tape);
        gradients.residual().discard(tape.workspace());
        return gradients.input();
    }

    /** Computes {@code activation(g(input) + residual)} in evaluation. The result may be {@code input}. */
    Tensor predictSum(Tensor input, @Nullable Tensor residual, Workspace workspace);

    /** Returns true if the activation is ReLU, false if there is none. */
    boolean hasRelu();

    /** Returns this layer, with the same parameters, without the activation. */
    SummingLayer withoutActivation();

    /** Returns the kind of sum as text for display. */
    default String sumKind() {
        return "sum";
    }

    @Override
    default Tensor forward(Tensor input, Tape tape) {
        return forwardSum(input, null, tape);
    }

    @Override
    default Tensor predict(Tensor input, Workspace workspace) {
        return predictSum(input, null, workspace);
    }
}
