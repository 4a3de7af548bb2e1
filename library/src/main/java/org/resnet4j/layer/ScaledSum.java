package org.resnet4j.layer;

import java.util.Arrays;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A sum with constant scaling, {@code y = activation(λ · (g(f) + s))} (second paper, section 3.1). Over L blocks the
 * shortcut multiplies the gradient by λ to the power of L.
 */
public final class ScaledSum extends WeighedSum {
    private final float factor;

    /**
     * Creates a scaled sum.
     *
     * @param end the layer that computes g and the activation
     * @param factor λ
     */
    public ScaledSum(SummingLayer end, float factor) {
        super(end);
        this.factor = factor;
    }

    @Override
    public String sumKind() {
        return "scaled sum";
    }

    /** Returns λ. */
    public float factor() {
        return factor;
    }

    @Override
    public ScaledSum around(SummingLayer otherEnd) {
        return new ScaledSum(otherEnd, factor);
    }

    @Override
    Tensor weigh(Tensor f, Tensor s, Tape tape) {
        return weigh(f, s, tape.workspace());
    }

    @Override
    Tensor weigh(Tensor f, Tensor s, Workspace workspace) {
        Tensor sum = workspace.acquireCopy(f);
        workspace.compute().add(s, sum);
        scale(sum, workspace);
        return sum;
    }

    @Override
    Tensor weighBackward(Tensor d, Tape tape) {
        scale(d, tape.workspace());
        return tape.workspace().acquireCopy(d);
    }

    private void scale(Tensor values, Workspace workspace) {
        int images = values.shape().extent(0);
        Tensor factors = workspace.acquire(Shape.of(images));
        Arrays.fill(factors.array(), 0, images, factor);
        Float32.scaleImages(values, factors, workspace);
        workspace.release(factors);
    }
}
