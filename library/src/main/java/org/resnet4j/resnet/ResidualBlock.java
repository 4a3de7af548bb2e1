package org.resnet4j.resnet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.resnet4j.layer.BatchNorm2d;
import org.resnet4j.layer.BatchNorm2d.Activation;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.LayerSummary;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Sequential;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * The residual block: {@code y = relu(F(x) + S(x))} (first paper, equations 1 and 2).
 *
 * <pre>
 *        x ───────────────┐
 *        │                │
 *   convolutions          │
 *   and norms: F          S, the shortcut
 *        │                │
 *        +  ◄─────────────┘
 *        │
 *       relu
 *        │
 *        y
 * </pre>
 *
 * <p>The derivative is a sum as well, {@code dx = F'(d) + S'(d)} with d the gradient below ReLU. With the identity as
 * shortcut it is {@code dx = F'(d) + d}: whatever the branch does to the gradient, d itself arrives.
 *
 * <p><b>Shapes.</b> Input {@code [N, H, W, inChannels]}, output {@code [N, H / stride, W / stride, outChannels]}, rounded
 * up.
 */
public final class ResidualBlock implements Layer {
    private final Sequential branch;
    private final BatchNorm2d sum;
    private final Shortcut shortcut;

    /**
     * @param branch F without its last normalisation
     * @param sum the last normalisation of F; it adds the shortcut and applies ReLU in the same pass over memory
     */
    private ResidualBlock(Sequential branch, BatchNorm2d sum, Shortcut shortcut) {
        this.branch = branch;
        this.sum = sum;
        this.shortcut = shortcut;
    }

    /** F is two 3x3 convolutions, the first with the stride (first paper, figure 5 left). */
    static ResidualBlock basic(String name, int inChannels, int width, int stride, Shortcut shortcut) {
        return new ResidualBlock(
                new Sequential(
                        name,
                        List.of(
                                Conv2d.same(name + ".conv1", inChannels, width, 3, stride),
                                new BatchNorm2d(name + ".bn1", width, Activation.RELU),
                                Conv2d.same(name + ".conv2", width, width, 3, 1))),
                new BatchNorm2d(name + ".bn2", width, Activation.RELU),
                shortcut);
    }

    /**
     * F is 1x1, 3x3 and 1x1: the 3x3 works on few channels, between a convolution that reduces and one that restores them
     * (first paper, figure 5 right).
     */
    static ResidualBlock bottleneck(
            String name, int inChannels, int width, int stride, StridePlacement placement, Shortcut shortcut) {
        int firstStride = placement == StridePlacement.FIRST_1X1 ? stride : 1;
        int outChannels = width * BlockKind.BOTTLENECK.expansion();
        return new ResidualBlock(
                new Sequential(
                        name,
                        List.of(
                                Conv2d.same(name + ".conv1", inChannels, width, 1, firstStride),
                                new BatchNorm2d(name + ".bn1", width, Activation.RELU),
                                Conv2d.same(name + ".conv2", width, width, 3, stride / firstStride),
                                new BatchNorm2d(name + ".bn2", width, Activation.RELU),
                                Conv2d.same(name + ".conv3", width, outChannels, 1, 1))),
                new BatchNorm2d(name + ".bn3", outChannels, Activation.RELU),
                shortcut);
    }

    @Override
    public String name() {
        return branch.name();
    }

    /** F without its last normalisation. */
    public Sequential branch() {
        return branch;
    }

    /**
     * The last normalisation of F, which adds the shortcut and applies ReLU. Its gamma of zero makes a block begin as its
     * shortcut alone.
     */
    public BatchNorm2d sum() {
        return sum;
    }

    /** S. */
    public Shortcut shortcut() {
        return shortcut;
    }

    @Override
    public Shape outputShape(Shape input) {
        return sum.outputShape(branch.outputShape(input));
    }

    @Override
    public Tensor forward(Tensor x, Tape tape) {
        if (tape.isFrugal()) {
            return tape.forwardFrugally(this, x);
        }
        Tensor f = branch.forward(x, tape);
        Tensor s = shortcut.forward(x, tape);
        return sum.forwardSum(f, s, tape);
    }

    @Override
    public Tensor backward(Tensor dy, Tape tape) {
        if (tape.isFrugal()) {
            return tape.backwardFrugally(this, dy);
        }
        BatchNorm2d.Gradients below = sum.backwardSum(dy, tape);
        Tensor f = below.input();
        Tensor d = below.residual();
        Tensor dx = shortcut.backward(d, tape);
        if (dx == null) {
            dx = branch.backward(f, tape);
        } else {
            branch.backwardAdding(f, dx, tape);
        }
        tape.workspace().release(f);
        return dx;
    }

    @Override
    public Tensor predict(Tensor x, Workspace workspace) {
        Tensor s = shortcut.predict(x, workspace);
        Tensor f = branch.predict(x, workspace);
        Tensor y = sum.predictSum(f, s, workspace);
        workspace.release(f);
        if (s != null && s != x) {
            workspace.release(s);
        }
        return y;
    }

    @Override
    public List<Parameter> parameters() {
        var all = new ArrayList<>(branch.parameters());
        all.addAll(sum.parameters());
        all.addAll(shortcut.parameters());
        return all;
    }

    @Override
    public List<StateBuffer> buffers() {
        var all = new ArrayList<>(branch.buffers());
        all.addAll(sum.buffers());
        all.addAll(shortcut.buffers());
        return all;
    }

    @Override
    public void describe(Shape input, Consumer<LayerSummary> lines) {
        branch.describe(input, lines);
        sum.describe(branch.outputShape(input), lines);
        shortcut.describe(input, lines);
    }
}
