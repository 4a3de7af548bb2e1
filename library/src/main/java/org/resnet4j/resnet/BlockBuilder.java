package org.resnet4j.resnet;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.kernel.Activation;
import org.resnet4j.layer.Addition;
import org.resnet4j.layer.AffineLayer;
import org.resnet4j.layer.BatchNorm2d;
import org.resnet4j.layer.Bias2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.Relu;
import org.resnet4j.layer.Sequential;
import org.resnet4j.layer.SqueezeExcitation;
import org.resnet4j.layer.StochasticSum;
import org.resnet4j.layer.SummingLayer;
import org.resnet4j.layer.WeighedSum;

/** Builds the layers of a residual block from the description of its network. */
final class BlockBuilder {
    private final ResNetSpec spec;
    private final ActivationOrder order;
    private final String name;
    private final int inChannels;
    private final Place place;
    private final int stride;

    private BlockBuilder(ResNetSpec spec, String name, int inChannels, Place place, int stride) {
        this.spec = spec;
        this.order = spec.block().order();
        this.name = name;
        this.inChannels = inChannels;
        this.place = place;
        this.stride = stride;
    }

    /**
     * The position of a block in its network.
     *
     * @param stage the index of its stage, from 0
     * @param number the index of the block among all blocks, from 0
     * @param count the number of blocks
     */
    record Place(int stage, int number, int count) {}

    /**
     * Builds a block.
     *
     * @param name the path of the block
     * @param inChannels the number of channels of the input
     * @param stride 2 if the block halves rows and columns, otherwise 1
     */
    static ResidualBlock block(ResNetSpec spec, String name, int inChannels, Place place, int stride) {
        int outChannels = spec.outChannels(place.stage());
        String projection = Naming.of(spec.block().order()).projection(name);
        Shortcut shortcut = spec.shortcuts()
                .shortcut(
                        projection,
                        inChannels,
                        outChannels,
                        stride,
                        spec.block().order());
        return block(spec, name, inChannels, place, stride, shortcut);
    }

    /** Builds a block with the given shortcut. */
    static ResidualBlock block(
            ResNetSpec spec, String name, int inChannels, Place place, int stride, Shortcut shortcut) {
        return new BlockBuilder(spec, name, inChannels, place, stride).block(shortcut);
    }

    private ResidualBlock block(Shortcut shortcut) {
        List<Conv2d> convolutions = convolutions();
        int channels = convolutions.getLast().outChannels();
        List<Layer> branch = branch(convolutions);
        List<Layer> shared = sharesFirst(shortcut) ? List.of(branch.removeFirst()) : List.of();
        SummingLayer end = end(branch, channels);
        SummingLayer sum = shortcut instanceof IdentityShortcut
                ? spec.shortcuts()
                        .weights(name, channels, place.number())
                        .map(weights -> weights.apply(end))
                        .orElse(end)
                : end;
        List<Layer> behind = order == ActivationOrder.NORM_AFTER_ADDITION
                ? List.of(norm(convolutions.size(), channels, Activation.RELU))
                : List.of();
        return new ResidualBlock(
                new Sequential(name, shared),
                new Sequential(name, branch),
                sum,
                stochastic(sum),
                new Sequential(name, behind),
                shortcut);
    }

    /**
     * Creates the convolutions of F. A basic block has two 3x3 convolutions, the first with the stride (first paper,
     * figure 5 left). A bottleneck has 1x1, 3x3 and 1x1 convolutions: the first reduces the channels, so that the 3x3
     * is cheap, and the last restores them (figure 5 right).
     */
    private List<Conv2d> convolutions() {
        int inner = spec.innerWidth(place.stage());
        int outChannels = spec.outChannels(place.stage());
        String first = Naming.convolution(name, 1);
        String second = Naming.convolution(name, 2);
        String third = Naming.convolution(name, 3);
        return switch (spec.block().kind()) {
            case BASIC ->
                List.of(
                        Conv2d.same(first, inChannels, inner, 3, stride),
                        Conv2d.same(second, inner, outChannels, 3, 1));
            case BOTTLENECK -> {
                int early = spec.block().stridePlacement() == StridePlacement.FIRST_1X1 ? stride : 1;
                yield List.of(
                        Conv2d.same(first, inChannels, inner, 1, early),
                        new Conv2d(
                                second,
                                inner,
                                inner,
                                3,
                                stride / early,
                                1,
                                spec.block().groups()),
                        Conv2d.same(third, inner, outChannels, 1, 1));
            }
        };
    }

    /** Combines the convolutions with normalization and ReLU in their order (second paper, figure 4). */
    private List<Layer> branch(List<Conv2d> convolutions) {
        var branch = new ArrayList<Layer>();
        int last = convolutions.size();
        int channels = inChannels;
        for (int i = 1; i <= last; i++) {
            Conv2d convolution = convolutions.get(i - 1);
            if (order == ActivationOrder.PRE) {
                branch.add(norm(i, channels, Activation.RELU));
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
                                : norm(i, channels, activation));
            }
        }
        return branch;
    }

    private BatchNorm2d norm(int number, int channels, Activation activation) {
        return new BatchNorm2d(Naming.of(order).norm(name, number), channels, activation);
    }

    /**
     * Returns true if the first layer of the branch precedes the shortcut as well. With pre-activation this is so where
     * the shape changes, and in the first block (appendix of the second paper). With
     * {@link ActivationOrder#RELU_ONLY_PRE} the first block is no exception, because its input has passed a ReLU
     * already.
     */
    private boolean sharesFirst(Shortcut shortcut) {
        boolean sameShape = shortcut instanceof IdentityShortcut || shortcut instanceof NoShortcut;
        return switch (order) {
            case PRE -> place.number() == 0 || !sameShape;
            case RELU_ONLY_PRE -> !sameShape;
            case POST, NORM_AFTER_ADDITION, RELU_BEFORE_ADDITION, WITHOUT_NORM -> false;
        };
    }

    /**
     * Returns the last layer of F, which adds the shortcut. A normalization in this position is removed from the
     * branch.
     */
    private SummingLayer end(List<Layer> branch, int channels) {
        return switch (order) {
            case POST, WITHOUT_NORM -> spec.block().squeeze() == 0 ? lastNorm(branch) : squeeze(branch, channels);
            case RELU_ONLY_PRE -> lastNorm(branch);
            case NORM_AFTER_ADDITION, RELU_BEFORE_ADDITION, PRE -> new Addition(name + ".sum");
        };
    }

    /** Removes the last normalization, or the bias in its place, from a branch. */
    private static AffineLayer lastNorm(List<Layer> branch) {
        return (AffineLayer) branch.removeLast();
    }

    /** Ends the branch with squeeze-and-excitation, which follows the last normalization. ReLU follows the addition. */
    private SummingLayer squeeze(List<Layer> branch, int channels) {
        branch.add(lastNorm(branch).withoutActivation());
        // rounded to a multiple of 8, as in timm
        int hidden = Math.max(8, (int) ((double) channels / spec.block().squeeze() + 4) / 8 * 8);
        return new SqueezeExcitation(name + ".se", channels, hidden);
    }

    /** Returns the sum for a step with stochastic depth. */
    private SummingLayer stochastic(SummingLayer sum) {
        return sum instanceof WeighedSum weighed
                ? weighed.around(new StochasticSum(weighed.end(), place.number(), place.count()))
                : new StochasticSum(sum, place.number(), place.count());
    }
}
