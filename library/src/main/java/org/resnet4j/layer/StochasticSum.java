package org.resnet4j.layer;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * {@code y = activation(m · g(f) + s)} in a training step with {@link StochasticDepth}: m is drawn for each image, g is the
 * function of the layer that ends the branch at other times. It learns nothing itself.
 */
public final class StochasticSum implements SummingLayer {
    private final SummingLayer end;
    private final SummingLayer plain;
    private final boolean relu;
    private final int block;
    private final int blocks;

    /**
     * @param end what ends the branch at other times
     * @param block the block's number, from 0
     * @param blocks how many there are
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
        StochasticDepth depth =
                tape.stochasticDepth().orElseThrow(() -> new IllegalStateException("no stochastic depth in this step"));
        Workspace workspace = tape.workspace();
        Tensor sum = plain.forward(input, tape);
        int images = sum.shape().extent(0);
        Tensor factors = workspace.acquire(Shape.of(images));
        depth.draw(tape.random(block), block, blocks, factors.array(), images);
        scale(sum, factors, workspace);
        if (residual != null) {
            workspace.kernels().elementwise().add(sum.size(), residual.array(), sum.array(), workspace.workers());
        }
        if (relu) {
            workspace.kernels().elementwise().relu(sum.size(), sum.array(), sum.array(), workspace.workers());
        }
        tape.save(factors);
        tape.save(sum);
        return sum;
    }

    private static void scale(Tensor values, Tensor factors, Workspace workspace) {
        int images = values.shape().extent(0);
        workspace
                .kernels()
                .gate()
                .scale(images, values.size() / images, factors.array(), values.array(), workspace.workers());
    }

    @Override
    public Tensor backward(Tensor outputGradient, Tape tape) {
        return backwardSum(outputGradient, tape).input();
    }

    @Override
    public Gradients backwardSum(Tensor outputGradient, Tape tape) {
        Tensor sum = tape.restore();
        Tensor factors = tape.restore();
        Workspace workspace = tape.workspace();
        if (relu) {
            workspace
                    .kernels()
                    .elementwise()
                    .reluBackward(
                            sum.size(),
                            sum.array(),
                            outputGradient.array(),
                            outputGradient.array(),
                            workspace.workers());
        }
        Tensor gradient = workspace.acquireCopy(outputGradient);
        scale(gradient, factors, workspace);
        workspace.release(factors);
        Tensor below = plain.backward(gradient, tape);
        if (below != gradient) {
            workspace.release(gradient);
        }
        return new Gradients(below, outputGradient);
    }

    /** In evaluation nothing is left out. */
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
