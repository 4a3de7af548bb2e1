package org.resnet4j.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * A weighted sum at the end of a residual block, {@code y = activation(a · g(f) + b · s)}. In the usual residual
 * network both weights are 1. The second paper (He et al., 2016, section 3.1) tries other weights and finds each of
 * them worse: a factor of the shortcut multiplies the gradient as well, once in every block.
 *
 * <p>g and the activation are those of the layer that ends the branch otherwise.
 */
public abstract sealed class WeighedSum implements SummingLayer permits DropoutSum, GatedSum, ScaledSum {
    private final SummingLayer end;
    private final SummingLayer plain;

    WeighedSum(SummingLayer end) {
        this.end = end;
        this.plain = end.withoutActivation();
    }

    /** Returns the layer that ends the branch if the sum has no weights. */
    public final SummingLayer end() {
        return end;
    }

    /** Returns a sum with the same weights and parameters for a branch that ends with another layer. */
    public abstract WeighedSum around(SummingLayer otherEnd);

    /** Computes {@code a · f + b · s} in training, in a new buffer. */
    abstract Tensor weigh(Tensor f, Tensor s, Tape tape);

    /**
     * Computes the gradient of the loss with respect to f, in a new buffer.
     *
     * @param d the gradient of the loss with respect to the sum; overwritten with that with respect to s
     */
    abstract Tensor weighBackward(Tensor d, Tape tape);

    /** Computes {@code a · f + b · s} in evaluation, in a new buffer. */
    abstract Tensor weigh(Tensor f, Tensor s, Workspace workspace);

    @Override
    public final String name() {
        return end.name();
    }

    @Override
    public final Shape outputShape(Shape input) {
        return end.outputShape(input);
    }

    @Override
    public final boolean hasRelu() {
        return end.hasRelu();
    }

    @Override
    public final SummingLayer withoutActivation() {
        return around(plain);
    }

    @Override
    public final Tensor forwardSum(Tensor input, @Nullable Tensor residual, Tape tape) {
        Tensor f = plain.forward(input, tape);
        Tensor sum = weigh(f, checked(residual, f.shape()), tape);
        relu(sum, tape.workspace());
        tape.save(sum);
        return sum;
    }

    private Tensor checked(@Nullable Tensor residual, Shape expected) {
        if (residual == null) {
            throw new IllegalArgumentException(name() + " weights a shortcut, but there is none");
        }
        if (!residual.shape().equals(expected)) {
            throw new ShapeMismatchException("shortcut weighted at " + name(), expected.toString(), residual.shape());
        }
        return residual;
    }

    private void relu(Tensor sum, Workspace workspace) {
        if (hasRelu()) {
            workspace.compute().relu(sum, sum);
        }
    }

    @Override
    public final Gradients backwardSum(Gradient outputGradient, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor d = outputGradient.readForWriting(workspace);
        Tensor sum = tape.restore();
        if (hasRelu()) {
            workspace.compute().reluBackward(sum, d, d);
        }
        workspace.release(sum);
        Gradient weighed = Gradient.of(weighBackward(d, tape));
        return new Gradients(plain.backward(weighed, tape), Gradient.of(d));
    }

    @Override
    public Tensor predictSum(Tensor input, @Nullable Tensor residual, Workspace workspace) {
        Tensor f = plain.predict(input, workspace);
        Tensor sum = weigh(f, checked(residual, f.shape()), workspace);
        if (f != input) {
            workspace.release(f);
        }
        relu(sum, workspace);
        return sum;
    }

    @Override
    public List<Parameter> parameters() {
        return end.parameters();
    }

    @Override
    public List<StateBuffer> buffers() {
        return end.buffers();
    }
}
