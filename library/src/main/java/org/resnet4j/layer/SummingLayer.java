package org.resnet4j.layer;

import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Tensor;

/**
 * A layer that ends the branch of a residual block, {@code y = activation(g(f) + s)}: f is what the branch gave, g is the
 * layer's own function, s is what came over the shortcut.
 *
 * <p>Ownership of tensors is as in {@link Layer}. As a layer on its own it adds nothing.
 */
public sealed interface SummingLayer extends Layer
        permits AffineLayer, Addition, SqueezeExcitation, StochasticSum, WeighedSum {
    /**
     * What {@link #backwardSum} gives.
     *
     * @param input the gradient to the layer's input
     * @param residual the gradient to what was added; may be the same tensor
     */
    record Gradients(Tensor input, Tensor residual) {}

    /**
     * {@code activation(g(input) + residual)} in training.
     *
     * @param residual what to add, of the result's shape; null for nothing
     */
    Tensor forwardSum(Tensor input, @Nullable Tensor residual, Tape tape);

    /**
     * The gradients of {@link #forwardSum}. The gradient to the residual takes the place of {@code outputGradient}. They
     * belong to the caller.
     */
    Gradients backwardSum(Tensor outputGradient, Tape tape);

    /** {@code activation(g(input) + residual)} in evaluation. May be {@code input}. */
    Tensor predictSum(Tensor input, @Nullable Tensor residual, Workspace workspace);

    /** Whether the activation is ReLU; otherwise there is none. */
    boolean hasRelu();

    /** The same layer, with the same parameters, without the activation. */
    SummingLayer withoutActivation();

    /** Returns what kind of sum it is, in words. */
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
