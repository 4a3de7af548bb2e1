package org.resnet4j.resnet;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.layer.Addition;
import org.resnet4j.layer.AffineLayer;
import org.resnet4j.layer.BatchNorm2d;
import org.resnet4j.layer.BatchNorm2d.Activation;
import org.resnet4j.layer.Bias2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.Gradient;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.LayerSummary;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Relu;
import org.resnet4j.layer.Sequential;
import org.resnet4j.layer.SqueezeExcitation;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.StochasticSum;
import org.resnet4j.layer.SummingLayer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.WeighedSum;
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
    private final @Nullable Layer shared;
    private final Sequential branch;
    private final SummingLayer sum;
    private final SummingLayer stochastic;
    private final @Nullable BatchNorm2d behind;
    private final Shortcut shortcut;

    /**
     * @param shared a pre-activation that both ways begin with, or null
     * @param branch F without its last layer
     * @param sum the last layer of F; it adds the shortcut in the same pass over memory
     * @param behind what follows the sum and is not part of it, or null
     * @param place of the block among all
     */
    private ResidualBlock(
            @Nullable Layer shared,
            Sequential branch,
            SummingLayer sum,
            @Nullable BatchNorm2d behind,
            Shortcut shortcut,
            Place place) {
        this.shared = shared;
        this.branch = branch;
        this.sum = sum;
        this.behind = behind;
        this.shortcut = shortcut;
        this.stochastic = sum instanceof WeighedSum weighed
                ? weighed.around(new StochasticSum(weighed.end(), place.number(), place.count()))
                : new StochasticSum(sum, place.number(), place.count());
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
        ActivationOrder order = spec.order();
        List<Conv2d> convolutions = convolutions(spec, name, inChannels, place.stage(), stride);
        int channels = convolutions.getLast().outChannels();
        List<Layer> branch = branch(order, name, convolutions, inChannels);
        boolean identity = shortcut instanceof IdentityShortcut;
        Layer shared =
                sharesFirst(order, identity || shortcut instanceof NoShortcut, place) ? branch.removeFirst() : null;
        SummingLayer end = switch (order) {
            case POST, WITHOUT_NORM ->
                spec.squeeze() == 0 ? lastNorm(branch) : squeeze(branch, name, channels, spec.squeeze());
            case RELU_ONLY_PRE -> lastNorm(branch);
            case NORM_AFTER_ADDITION, RELU_BEFORE_ADDITION, PRE -> new Addition(name + ".sum");
        };
        SummingLayer sum = identity
                ? spec.shortcuts()
                        .weights(name, channels, place.number())
                        .map(weights -> weights.apply(end))
                        .orElse(end)
                : end;
        BatchNorm2d behind = order == ActivationOrder.NORM_AFTER_ADDITION
                ? norm(order, name, convolutions.size(), channels, Activation.RELU)
                : null;
        return new ResidualBlock(shared, new Sequential(name, branch), sum, behind, shortcut, place);
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

    /** The convolutions, with normalisation and ReLU where they stand (second paper, figure 4). */
    private static List<Layer> branch(ActivationOrder order, String name, List<Conv2d> convolutions, int inChannels) {
        var branch = new ArrayList<Layer>();
        int last = convolutions.size();
        int channels = inChannels;
        for (int i = 1; i <= last; i++) {
            Conv2d convolution = convolutions.get(i - 1);
            if (order == ActivationOrder.PRE) {
                branch.add(norm(order, name, i, channels, Activation.RELU));
            } else if (order == ActivationOrder.RELU_ONLY_PRE && i == 1) {
                branch.add(new Relu(name + ".relu"));
            }
            branch.add(convolution);
            channels = convolution.outChannels();
            if (i < last ? order != ActivationOrder.PRE : order.endsWithNorm()) {
                boolean relu = i < last || order != ActivationOrder.RELU_ONLY_PRE;
                Activation activation = relu ? Activation.RELU : Activation.NONE;
                branch.add(
                        order == ActivationOrder.WITHOUT_NORM
                                ? new Bias2d(convolution.name(), channels, activation)
                                : norm(order, name, i, channels, activation));
            }
        }
        return branch;
    }

    private static BatchNorm2d norm(
            ActivationOrder order, String name, int number, int channels, Activation activation) {
        return new BatchNorm2d(Naming.of(order).norm(name, number), channels, activation);
    }

    /**
     * Whether what a branch begins with is before the shortcut as well: with pre-activation where the shape changes, and in
     * the first block (appendix of the second paper). Another ReLU of the first block would change nothing.
     */
    private static boolean sharesFirst(ActivationOrder order, boolean sameShape, Place place) {
        return switch (order) {
            case PRE -> place.number() == 0 || !sameShape;
            case RELU_ONLY_PRE -> !sameShape;
            case POST, NORM_AFTER_ADDITION, RELU_BEFORE_ADDITION, WITHOUT_NORM -> false;
        };
    }

    /** Takes the last normalisation, or what stands for it, out of a branch: it will add the shortcut. */
    private static SummingLayer lastNorm(List<Layer> branch) {
        return (AffineLayer) branch.removeLast();
    }

    /** Squeeze-and-excitation follows the last normalisation, and ReLU follows the sum. */
    private static SummingLayer squeeze(List<Layer> branch, String name, int channels, int squeeze) {
        branch.add(lastNorm(branch).withoutActivation());
        return new SqueezeExcitation(name + ".se", channels, hidden(channels, squeeze));
    }

    /** Channels between the two layers of squeeze-and-excitation: a multiple of 8, as in timm. */
    private static int hidden(int channels, int squeeze) {
        double share = (double) channels / squeeze;
        return Math.max(8, (int) (share + 4) / 8 * 8);
    }

    @Override
    public String name() {
        return branch.name();
    }

    /** What branch and shortcut both begin with: with pre-activation, in the first block and where the shape changes. */
    public Optional<Layer> shared() {
        return Optional.ofNullable(shared);
    }

    /** What follows the sum and is not part of it: normalisation and ReLU, with one of the orders. */
    public Optional<BatchNorm2d> behind() {
        return Optional.ofNullable(behind);
    }

    /** F without its last layer. */
    public Sequential branch() {
        return branch;
    }

    /** The last layer of F, which adds the shortcut: normalisation, squeeze-and-excitation, or nothing more. */
    public SummingLayer sum() {
        return sum;
    }

    /** The last normalisation of F. With gamma zero a block begins as its shortcut alone; with pre-activation almost. */
    public BatchNorm2d lastNorm() {
        if ((sum instanceof WeighedSum weighed ? weighed.end() : sum) instanceof BatchNorm2d norm) {
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
        Tensor y = end(tape).forwardSum(f, s, tape);
        return behind == null ? y : behind.forward(y, tape);
    }

    /** What ends the branch in this step. */
    private SummingLayer end(Tape tape) {
        return tape.stochasticDepth().isPresent() ? stochastic : sum;
    }

    @Override
    public Gradient backward(Gradient dy, Tape tape) {
        if (tape.isFrugal()) {
            return tape.backwardFrugally(this, dy);
        }
        Gradient dSum = behind == null ? dy : behind.backward(dy, tape);
        SummingLayer.Gradients d = end(tape).backwardSum(dSum, tape);
        Gradient s = shortcut.backward(d.residual(), tape); // S'(d)
        Gradient dp =
                s == null ? branch.backward(d.input(), tape) : branch.backwardAdding(d.input(), s, tape); // + F'(d)
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
        if (behind == null) {
            return y;
        }
        Tensor z = behind.predict(y, workspace);
        workspace.release(y);
        return z;
    }

    /** In the order of computation, the shortcut last. */
    private List<Layer> layers() {
        return Stream.of(shared, branch, sum, behind).filter(Objects::nonNull).toList();
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

    /** Describes the branch, then the shortcut, then the sum of both, which ReLU may follow. */
    @Override
    public void describe(Shape input, Consumer<LayerSummary> lines) {
        boolean plain = shortcut instanceof NoShortcut;
        Shape shape = input;
        if (shared != null) {
            shared.describe(shape, lines);
        }
        branch.describe(shape, lines);
        shape = branch.outputShape(shape);
        (plain ? sum : sum.withoutActivation()).describe(shape, lines);
        shape = sum.outputShape(shape);
        if (!plain) {
            shortcut.describe(name(), input, lines);
            String kind = sum.sumKind() + (sum.hasRelu() ? ", ReLU" : "");
            lines.accept(new LayerSummary(name() + ".sum", kind, shape, 0, 0));
        }
        if (behind != null) {
            behind.describe(shape, lines);
        }
    }
}
