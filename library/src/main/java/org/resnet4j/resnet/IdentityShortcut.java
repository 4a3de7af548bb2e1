package org.resnet4j.resnet;

import org.resnet4j.layer.Gradient;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Tensor;

/**
 * The identity, S(x) = x. It has no parameters and no cost, and passes the gradient on unchanged.
 *
 * @since 0.1.0
 */
public record IdentityShortcut() implements Shortcut {
    @Override
    public Tensor forward(Tensor input, Tape tape) {
        return input;
    }

    @Override
    public Gradient backward(Gradient d, Tape tape) {
        return d;
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        return input;
    }
}
