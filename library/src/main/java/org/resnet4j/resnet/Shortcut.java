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
 * S of {@code y = relu(F(x) + S(x))}: the path from a block's input to its sum around the branch.
 *
 * <p>A block whose shortcut is the {@linkplain IdentityShortcut identity} is called an identity block; one whose shortcut
 * is a {@linkplain ProjectionShortcut projection} a convolutional block. With {@link NoShortcut} the network is plain: the
 * stack of layers that the paper compares with.
 *
 * <p>Ownership of tensors is as in {@link org.resnet4j.layer.Layer}. Null stands for zero: nothing is added.
 */
public sealed interface Shortcut permits IdentityShortcut, ProjectionShortcut, PaddingShortcut, NoShortcut {
    /** Computes S(x) in training, of the shape of F(x); null if nothing is added. */
    @Nullable
    Tensor forward(Tensor input, Tape tape);

    /**
     * Computes S'(d), the part of the gradient of the loss by the input that comes through the shortcut; null if none does.
     *
     * @param d the gradient of the loss by the sum
     */
    @Nullable
    Gradient backward(Gradient d, Tape tape);

    /** Computes S(x) in evaluation; null if nothing is added. The result may be the argument itself. */
    @Nullable
    Tensor predict(Tensor input, Workspace workspace);

    /** Returns the parameters; only a projection has any. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /** Returns the running statistics of a projection. */
    default List<StateBuffer> buffers() {
        return List.of();
    }
}
