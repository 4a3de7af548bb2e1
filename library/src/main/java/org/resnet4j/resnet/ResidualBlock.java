package org.resnet4j.resnet;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.resnet4j.layer.BatchNorm2d;
import org.resnet4j.layer.Gradient;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Recomputation;
import org.resnet4j.layer.Sequential;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.SummingLayer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.WeighedSum;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * The residual block, {@code y = relu(F(x) + S(x))} (first paper, equations 1 and 2).
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
 * <p>With pre-activation ({@link ActivationOrder#PRE}), norms and ReLU precede the convolutions, and nothing follows
 * the addition: {@code y = F(x) + S(x)}. With identity shortcuts, x then reaches the last layer unchanged, and the
 * gradient reaches the first.
 *
 * <p>The derivative is a sum as well: {@code dx = F'(d) + S'(d)}, where d is the gradient with respect to the sum,
 * before ReLU. For the identity shortcut it is {@code dx = F'(d) + d}: whatever the branch does to the gradient, d
 * itself arrives.
 *
 * <p>{@code docs/residual-networks.md} explains a block that computes the same in loops over arrays.
 *
 * <p><b>Shapes.</b> Input {@code [N, H, W, inChannels]}, output {@code [N, H / stride, W / stride, outChannels]},
 * rounded up.
 *
 * @since 0.1.0
 */
public final class ResidualBlock implements Layer {
    private final Sequential shared;
    private final Sequential branch;
    private final SummingLayer sum;
    private final SummingLayer stochasticSum;
    private final Sequential behind;
    private final Shortcut shortcut;

    /**
     * Creates a block.
     *
     * @param shared the pre-activation that precedes both branch and shortcut, or no layer
     * @param branch F without its last layer
     * @param sum the last layer of F, which adds the shortcut in the same pass over memory
     * @param stochasticSum the sum for a step with stochastic depth
     * @param behind the normalization after the addition, if it is not part of {@code sum}, or no layer
     */
    ResidualBlock(
            Sequential shared,
            Sequential branch,
            SummingLayer sum,
            SummingLayer stochasticSum,
            Sequential behind,
            Shortcut shortcut) {
        this.shared = shared;
        this.branch = branch;
        this.sum = sum;
        this.stochasticSum = stochasticSum;
        this.behind = behind;
        this.shortcut = shortcut;
    }

    @Override
    public Shape outputShape(Shape input) {
        return sum.outputShape(branch.outputShape(input));
    }

    @Override
    public Tensor forward(Tensor x, Tape tape) {
        if (tape.isFrugal()) {
            return Recomputation.forward(this, x, tape);
        }
        Tensor p = shared.forward(x, tape);
        Tensor f = branch.forward(p, tape);
        Tensor s = shortcut.forward(p, tape);
        // relu(F(x) + S(x)), in one pass over memory with the last layer of F
        return behind.forward(sum(tape).forwardSum(f, s, tape), tape);
    }

    @Override
    public Gradient backward(Gradient dy, Tape tape) {
        if (tape.isFrugal()) {
            return Recomputation.backward(this, dy, tape);
        }
        // d: with respect to F(x) and S(x) alike, after the derivative of ReLU
        SummingLayer.Gradients d = sum(tape).backwardSum(behind.backward(dy, tape), tape);
        Gradient s = shortcut.backward(d.residual(), tape);
        Gradient dp = s == null
                ? branch.backward(d.input(), tape) // F'(d): a plain network
                : branch.backwardAdding(d.input(), s, tape); // F'(d) + S'(d)
        return shared.backward(dp, tape);
    }

    private SummingLayer sum(Tape tape) {
        return tape.random().stochasticDepth().isPresent() ? stochasticSum : sum;
    }

    @Override
    public Tensor predict(Tensor x, Workspace workspace) {
        Tensor p = shared.predict(x, workspace);
        Tensor s = shortcut.predict(p, workspace);
        Tensor f = branch.predict(p, workspace);
        Tensor y = sum.predictSum(f, s, workspace);
        workspace.releaseUnlessSame(f, y);
        if (s != null) {
            workspace.releaseUnlessSame(s, p);
        }
        workspace.releaseUnlessSame(p, x);
        Tensor z = behind.predict(y, workspace);
        workspace.releaseUnlessSame(y, z);
        return z;
    }

    @Override
    public String name() {
        return branch.name();
    }

    /** Returns the layer that precedes both branch and shortcut; some blocks with pre-activation have one. */
    public Optional<Layer> shared() {
        return shared.layers().stream().findFirst();
    }

    /** Returns F without its last layer. */
    public Sequential branch() {
        return branch;
    }

    /**
     * Returns the last layer of F, which adds the shortcut: normalization, squeeze-and-excitation, or a mere addition.
     */
    public SummingLayer sum() {
        return sum;
    }

    /** Returns the shortcut S. */
    public Shortcut shortcut() {
        return shortcut;
    }

    /** Returns the normalization after the addition, which only {@link ActivationOrder#NORM_AFTER_ADDITION} has. */
    public Optional<BatchNorm2d> behind() {
        return behind.layers().stream().map(BatchNorm2d.class::cast).findFirst();
    }

    /**
     * Returns the last normalization of F. If its gamma is zero, the block computes only its shortcut; with
     * pre-activation, almost only.
     */
    public BatchNorm2d lastNorm() {
        if ((sum instanceof WeighedSum weighed ? weighed.end() : sum) instanceof BatchNorm2d norm) {
            return norm;
        }
        return branch.layers().reversed().stream()
                .filter(BatchNorm2d.class::isInstance)
                .map(BatchNorm2d.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.concat(layers().flatMap(layer -> layer.parameters().stream()), shortcut.parameters().stream())
                .toList();
    }

    @Override
    public List<StateBuffer> buffers() {
        return Stream.concat(layers().flatMap(layer -> layer.buffers().stream()), shortcut.buffers().stream())
                .toList();
    }

    private Stream<Layer> layers() {
        return Stream.of(shared, branch, sum, behind);
    }
}
