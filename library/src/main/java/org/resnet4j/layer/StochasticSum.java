package org.resnet4j.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A sum in a training step with {@link StochasticDepth}, {@code y = activation(m · g(f) + s)}. The factor m is drawn
 * for each image; g is the function of the layer that ends the branch otherwise. The sum has no parameters of its own.
 */
public final class StochasticSum implements SummingLayer {
    private final SummingLayer end;
    private final SummingLayer plain;
    private final boolean relu;
    private final int block;
    private final int blocks;

    /**
     * Creates a sum for one block.
     *
     * @param end the layer that computes g and the activation
     * @param block the index of the block, from 0
     * @param blocks the number of blocks
     */
    public StochasticSum(SummingLayer end, int block, int blocks) {
        this.end = end;
        this.plain = end.withoutActivation();
        this.relu = end.hasRelu();
        this.block = block;
        this.blocks = blocks;
    }

    /** Returns the layer that ends the branch without stochastic depth. */
    public SummingLayer end() {
        return end;
    }

    @Override
    public String name() {
        return end.name();
    }

    @Override
    public Shape outputShape(Shape input) {
        return end.outputShape(input);
    }

    /**
     * @throws IllegalStateException if the tape's step has no stochastic depth
     */
    @Override
    public Tensor forwardSum(Tensor input, @Nullable Tensor residual, Tape tape) {
        StochasticDepth depth = tape.random()
                .stochasticDepth()
                .orElseThrow(() -> new IllegalStateException("this step has no stochastic depth"));
        Workspace workspace = tape.workspace();
        Tensor sum = plain.forward(input, tape);
        int images = sum.shape().extent(0);
        Tensor factors = workspace.acquire(Shape.of(images));
        depth.draw(tape.random().at(block), block, blocks, factors.array(), images);
        Float32.scaleImages(sum, factors, workspace);
        if (residual != null) {
            workspace.compute().add(residual, sum);
        }
        if (relu) {
            workspace.compute().relu(sum, sum);
        }
        tape.save(factors);
        tape.save(sum);
        return sum;
    }

    @Override
    public Gradients backwardSum(Gradient outputGradient, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor d = outputGradient.readForWriting(workspace);
        Tensor sum = tape.restore();
        Tensor factors = tape.restore();
        if (relu) {
            workspace.compute().reluBackward(sum, d, d);
        }
        Tensor weighed = workspace.acquireCopy(d);
        Float32.scaleImages(weighed, factors, workspace);
        workspace.release(factors);
        return new Gradients(plain.backward(Gradient.of(weighed), tape), Gradient.of(d));
    }

    /** Computes the sum without stochastic depth, because evaluation drops nothing. */
    @Override
    public Tensor predictSum(Tensor input, @Nullable Tensor residual, Workspace workspace) {
        return end.predictSum(input, residual, workspace);
    }

    @Override
    public boolean hasRelu() {
        return relu;
    }

    @Override
    public SummingLayer withoutActivation() {
        return new StochasticSum(plain, block, blocks);
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
