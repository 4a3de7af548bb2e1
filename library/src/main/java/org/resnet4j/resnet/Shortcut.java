package org.resnet4j.resnet;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.layer.Gradient;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Tensor;

/**
 * The shortcut S of a residual block {@code y = relu(F(x) + S(x))}: the path from the block's input around the branch
 * to the sum.
 *
 * <p>A block with an {@linkplain IdentityShortcut identity} shortcut is called an identity block, one with a
 * {@linkplain ProjectionShortcut projection} a convolutional block. With {@link NoShortcut} the network is plain: the
 * stack of layers to which the first paper compares residual networks.
 *
 * <p>Ownership of tensors is as in {@link org.resnet4j.layer.Layer}. Null stands for zero: nothing is added.
 *
 * @since 0.1.0
 */
public sealed interface Shortcut permits IdentityShortcut, ProjectionShortcut, PaddingShortcut, NoShortcut {
    /** Computes S(x) in training. It has the shape of F(x), or is null if nothing is added. */
    @Nullable
    Tensor forward(Tensor input, Tape tape);

    /**
     * Computes S'(d), the shortcut's part of the gradient of the loss with respect to the input. It is null if there is
     * none.
     *
     * @param d the gradient of the loss with respect to the sum
     */
    @Nullable
    Gradient backward(Gradient d, Tape tape);

    /** Computes S(x) in evaluation. It is null if nothing is added, and may be the argument itself. */
    @Nullable
    Tensor predict(Tensor input, Workspace workspace);

    /** Returns the parameters; only a projection has any. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /** Returns the running statistics; only a projection has any. */
    default List<StateBuffer> buffers() {
        return List.of();
    }
}
