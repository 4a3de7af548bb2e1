package org.resnet4j.resnet;

import org.jspecify.annotations.Nullable;
import org.resnet4j.layer.Gradient;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Tensor;

/**
 * No shortcut, as in a plain network: nothing is added, and the gradient flows through the branch alone.
 *
 * @since 0.1.0
 */
public record NoShortcut() implements Shortcut {
    @Override
    public @Nullable Tensor forward(Tensor input, Tape tape) {
        return null;
    }

    @Override
    public @Nullable Gradient backward(Gradient d, Tape tape) {
        d.discard(tape.workspace());
        return null;
    }

    @Override
    public @Nullable Tensor predict(Tensor input, Workspace workspace) {
        return null;
    }
}
