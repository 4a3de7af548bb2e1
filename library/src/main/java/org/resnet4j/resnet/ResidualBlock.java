package org.resnet4j.resnet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.layer.Addition;
import org.resnet4j.layer.BatchNorm2d;
import org.resnet4j.layer.BatchNorm2d.Activation;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.LayerSummary;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Sequential;
import org.resnet4j.layer.SqueezeExcitation;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.StochasticSum;
import org.resnet4j.layer.SummingLayer;
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
 * <p>With pre-activation ({@link ActivationOrder#PRE}) norms and ReLU stand before the convolutions and nothing behind the sum:
 * {@code y = F(x) + S(x)}, so that x reaches the last layer unchanged, and the gradient the first.
 *
 * <p>The derivative is a sum as well, {@code dx = F'(d) + S'(d)} with d the gradient below ReLU. With the identity as
 * shortcut it is {@code dx = F'(d) + d}: whatever the branch does to the gradient, d itself arrives.
 *
 * <p><b>Shapes.</b> Input {@code [N, H, W, inChannels]}, output {@code [N, H / stride, W / stride, outChannels]}, rounded
 * up.
 */
public final class ResidualBlock implements Layer {
    private final @Nullable BatchNorm2d shared;
    private final Sequential branch;
    private final SummingLayer sum;
    private final StochasticSum stochastic;
    private final Shortcut shortcut;

    /**
     * @param shared a pre-activation that both ways begin with, or null
     * @param branch F without its last layer
     * @param sum the last layer of F; it adds the shortcut in the same pass over memory
     * @param place of the block among all
     */
    private ResidualBlock(
            @Nullable BatchNorm2d shared, Sequential branch, SummingLayer sum, Shortcut shortcut, Place place) {
        this.shared = shared;
        this.branch = branch;
        this.sum = sum;
        this.stochastic = new StochasticSum(sum, !(sum instanceof Addition), place.number(), place.count());
        this.shortcut = shortcut;
    }

    /**
     * Where a block stands.
     *
     * @param stage its stage, from 0
     * @param number of the block among all, from 0
     * @param count how many blocks there are
     */
    record Place(int stage, int number, int count) {}

    /**
     * One block of a network.
     *
     * @param name its path
     * @param inChannels channels of the input
     * @param place where it stands
     * @param stride 2 where the image is halved
     */
    static ResidualBlock of(ResNetSpec spec, String name, int inChannels, Place place, int stride) {
        int stage = place.stage();
        int outChannels = spec.widths().get(stage) * spec.block().expansion();
        Shortcut shortcut = spec.shortcuts()
                .shortcut(Naming.of(spec.order()).projection(name), inChannels, outChannels, stride, spec.order());
        return of(spec, name, inChannels, place, stride, shortcut);
    }

    /** One block with a shortcut of the caller's choice. */
    static ResidualBlock of(ResNetSpec spec, String name, int inChannels, Place place, int stride, Shortcut shortcut) {
        List<Conv2d> convolutions = convolutions(spec, name, inChannels, place.stage(), stride);
        return switch (spec.order()) {
            case POST -> postActivation(name, convolutions, spec.squeeze(), shortcut, place);
            case PRE -> preActivation(name, convolutions, inChannels, shortcut, place);
        };
    }

    /**
     * The convolutions of F. Basic: two 3x3, the first with the stride (first paper, figure 5 left). Bottleneck: 1x1, 3x3 and
     * 1x1; the 3x3 works on few channels, between a convolution that reduces and one that restores them (figure 5 right).
     */
    private static List<Conv2d> convolutions(ResNetSpec spec, String name, int inChannels, int stage, int stride) {
        int inner = spec.innerWidth(stage);
        int outChannels = spec.widths().get(stage) * spec.block().expansion();
        String first = Naming.convolution(name, 1);
        String second = Naming.convolution(name, 2);
        String third = Naming.convolution(name, 3);
        return switch (spec.block()) {
            case BASIC ->
                List.of(
                        Conv2d.same(first, inChannels, inner, 3, stride),
                        Conv2d.same(second, inner, outChannels, 3, 1));
            case BOTTLENECK -> {
                int early = spec.stridePlacement() == StridePlacement.FIRST_1X1 ? stride : 1;
                yield List.of(
                        Conv2d.same(first, inChannels, inner, 1, early),
                        new Conv2d(second, inner, inner, 3, stride / early, 1, spec.groups()),
                        Conv2d.same(third, inner, outChannels, 1, 1));
            }
        };
    }

    /** Normalisation and ReLU behind each convolution, the last ReLU behind the sum (first paper). */
    private static ResidualBlock postActivation(
            String name, List<Conv2d> convolutions, int squeeze, Shortcut shortcut, Place place) {
        Naming naming = Naming.of(ActivationOrder.POST);
        var branch = new ArrayList<Layer>();
        int last = convolutions.size();
        for (int i = 1; i < last; i++) {
            Conv2d convolution = convolutions.get(i - 1);
            branch.add(convolution);
            branch.add(new BatchNorm2d(naming.norm(name, i), convolution.outChannels(), Activation.RELU));
        }
        branch.add(convolutions.getLast());
        int channels = convolutions.getLast().outChannels();
        String lastNorm = naming.norm(name, last);
        if (squeeze == 0) {
            var sum = new BatchNorm2d(lastNorm, channels, Activation.RELU);
            return new ResidualBlock(null, new Sequential(name, branch), sum, shortcut, place);
        }
        branch.add(new BatchNorm2d(lastNorm, channels, Activation.NONE));
        var sum = new SqueezeExcitation(name + ".se", channels, hidden(channels, squeeze));
        return new ResidualBlock(null, new Sequential(name, branch), sum, shortcut, place);
    }

    /** Channels between the two layers of squeeze-and-excitation: a multiple of 8, as in timm. */
    private static int hidden(int channels, int squeeze) {
        double share = (double) channels / squeeze;
        return Math.max(8, (int) (share + 4) / 8 * 8);
    }

    /**
     * Normalisation and ReLU before each convolution, nothing behind the sum (second paper, figure 4e). In the first block
     * (appendix of the paper) and where the shape changes, the first of them are before the shortcut as well.
     */
    private static ResidualBlock preActivation(
            String name, List<Conv2d> convolutions, int inChannels, Shortcut shortcut, Place place) {
        Naming naming = Naming.of(ActivationOrder.PRE);
        var branch = new ArrayList<Layer>();
        int channels = inChannels;
        for (int i = 0; i < convolutions.size(); i++) {
            branch.add(new BatchNorm2d(naming.norm(name, i + 1), channels, Activation.RELU));
            branch.add(convolutions.get(i));
            channels = convolutions.get(i).outChannels();
        }
        boolean identity = shortcut instanceof IdentityShortcut || shortcut instanceof NoShortcut;
        boolean shares = place.number() == 0 || !identity;
        BatchNorm2d shared = shares ? (BatchNorm2d) branch.removeFirst() : null;
        return new ResidualBlock(shared, new Sequential(name, branch), new Addition(name + ".sum"), shortcut, place);
    }

    @Override
    public String name() {
        return branch.name();
    }

    /** What branch and shortcut both begin with: with pre-activation, in the first block and where the shape changes. */
    public Optional<BatchNorm2d> shared() {
        return Optional.ofNullable(shared);
    }

    /** F without its last layer. */
    public Sequential branch() {
        return branch;
    }

    /** The last layer of F, which adds the shortcut: normalisation with ReLU, squeeze-and-excitation, or nothing more. */
    public SummingLayer sum() {
        return sum;
    }

    /** The last normalisation of F. With gamma zero a block begins as its shortcut alone; with pre-activation almost. */
    public BatchNorm2d lastNorm() {
        if (sum instanceof BatchNorm2d norm) {
            return norm;
        }
        return branch.layers().stream()
                .filter(BatchNorm2d.class::isInstance)
                .map(BatchNorm2d.class::cast)
                .reduce((first, second) -> second)
                .orElseThrow();
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
        Tensor p = shared == null ? x : shared.forward(x, tape);
        Tensor f = branch.forward(p, tape);
        Tensor s = shortcut.forward(p, tape);
        return end(tape).forwardSum(f, s, tape);
    }

    /** What ends the branch in this step. */
    private SummingLayer end(Tape tape) {
        return tape.stochasticDepth().isPresent() ? stochastic : sum;
    }

    @Override
    public Tensor backward(Tensor dy, Tape tape) {
        if (tape.isFrugal()) {
            return tape.backwardFrugally(this, dy);
        }
        SummingLayer.Gradients below = end(tape).backwardSum(dy, tape);
        Tensor f = below.input();
        Tensor d = below.residual();
        Tensor dp = shortcut.backward(d, tape);
        if (dp == null) {
            dp = branch.backward(f, tape);
        } else {
            branch.backwardAdding(f, dp, tape);
        }
        if (f != d) {
            tape.workspace().release(f);
        }
        return shared == null ? dp : shared.backward(dp, tape);
    }

    @Override
    public Tensor predict(Tensor x, Workspace workspace) {
        Tensor p = shared == null ? x : shared.predict(x, workspace);
        Tensor s = shortcut.predict(p, workspace);
        Tensor f = branch.predict(p, workspace);
        Tensor y = sum.predictSum(f, s, workspace);
        if (f != y) {
            workspace.release(f);
        }
        if (s != null && s != p) {
            workspace.release(s);
        }
        if (p != x) {
            workspace.release(p);
        }
        return y;
    }

    /** In the order of computation, the shortcut last. */
    private List<Layer> layers() {
        return shared == null ? List.of(branch, sum) : List.of(shared, branch, sum);
    }

    @Override
    public List<Parameter> parameters() {
        var all = new ArrayList<Parameter>();
        layers().forEach(layer -> all.addAll(layer.parameters()));
        all.addAll(shortcut.parameters());
        return all;
    }

    @Override
    public List<StateBuffer> buffers() {
        var all = new ArrayList<StateBuffer>();
        layers().forEach(layer -> all.addAll(layer.buffers()));
        all.addAll(shortcut.buffers());
        return all;
    }

    @Override
    public void describe(Shape input, Consumer<LayerSummary> lines) {
        Shape shape = input;
        for (Layer layer : layers()) {
            layer.describe(shape, lines);
            shape = layer.outputShape(shape);
        }
        shortcut.describe(input, lines);
    }
}
