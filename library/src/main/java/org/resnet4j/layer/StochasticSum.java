package org.resnet4j.layer;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * {@code y = activation(m · g(f) + s)} in a training step with {@link StochasticDepth}: m is drawn for each image, g is the
 * function of the layer that ends the branch at other times. It has no parameters of its own.
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
     * @param end the layer that ends the branch at other times
     * @param block the block's number, from 0
     * @param blocks the number of blocks
     */
    public StochasticSum(SummingLayer end, int block, int blocks) {
        this.end = end;
        this.plain = end.withoutActivation();
        this.relu = end.hasRelu();
        this.block = block;
        this.blocks = blocks;
    }

    /** Returns what ends the branch at other times. */
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

    /** @throws IllegalStateException if the tape is not of a step with stochastic depth */
    @Override
    public Tensor forwardSum(Tensor input, @Nullable Tensor residual, Tape tape) {
        StochasticDepth depth = tape.random()
                .stochasticDepth()
                .orElseThrow(() -> new IllegalStateException("no stochastic depth in this step"));
        Workspace workspace = tape.workspace();
        Tensor sum = plain.forward(input, tape);
        int images = sum.shape().extent(0);
        Tensor factors = workspace.acquire(Shape.of(images));
        depth.draw(tape.random().at(block), block, blocks, factors.array(), images);
        scale(sum, factors, workspace);
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

    private static void scale(Tensor values, Tensor factors, Workspace workspace) {
        int images = values.shape().extent(0);
        workspace
                .compute()
                .kernels()
                .gate()
                .scale(
                        images,
                        values.size() / images,
                        factors.array(),
                        values.array(),
                        workspace.compute().workers());
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
        scale(weighed, factors, workspace);
        workspace.release(factors);
        return new Gradients(plain.backward(Gradient.of(weighed), tape), Gradient.of(d));
    }

    /** Computes the sum of the layer that ends the branch at other times: evaluation leaves nothing out. */
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

    @Override
    public void describe(Shape input, Consumer<LayerSummary> lines) {
        end.describe(input, lines);
    }
}
