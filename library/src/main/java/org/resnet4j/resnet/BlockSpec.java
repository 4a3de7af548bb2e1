package org.resnet4j.resnet;

import java.io.Serializable;

/**
 * The description of a network's blocks.
 *
 * @param kind the kind of branch
 * @param order the positions of normalization and ReLU
 * @param stridePlacement the convolution of a bottleneck that has the stride; ignored by basic blocks
 * @param groups the number of groups of the 3x3 convolution of a bottleneck (ResNeXt; Xie et al., 2017)
 * @param groupWidth the channels of a group for each 64 of the stage's width: 64 for the usual bottleneck, 4 with 32
 *     groups for ResNeXt 32x4d, 128 for the wide network (Zagoruyko and Komodakis, 2016)
 * @param squeeze the reduction factor of squeeze-and-excitation (usually 16); 0 for none
 * @param zeroInitResidual true if the last gamma of each branch is initialized to zero, so that each block starts as
 *     its shortcut
 * @since 0.1.0
 */
public record BlockSpec(
        BlockKind kind,
        ActivationOrder order,
        StridePlacement stridePlacement,
        int groups,
        int groupWidth,
        int squeeze,
        boolean zeroInitResidual)
        implements Serializable {
    /** The stage width to which {@code groupWidth} refers. */
    static final int USUAL_WIDTH = 64;

    /** The largest accepted number of channels of a 3x3 convolution. */
    private static final int MAX_WIDTH = 1 << 20;

    public BlockSpec {
        if (groups < 1 || groupWidth < 1) {
            throw new IllegalArgumentException(groups + " groups of width " + groupWidth + " must be positive");
        }
        if (kind == BlockKind.BASIC && (groups != 1 || groupWidth != USUAL_WIDTH)) {
            throw new IllegalArgumentException("basic blocks cannot have groups, got " + groups + " of width "
                    + groupWidth + " instead of 1 of width " + USUAL_WIDTH);
        }
        if (squeeze < 0 || (squeeze > 0 && order != ActivationOrder.POST)) {
            throw new IllegalArgumentException("the squeeze-and-excitation reduction " + squeeze
                    + " must be 0 or more, and 0 unless the activation order is post");
        }
    }

    /** Rejects stages whose widths are too large or too small for the groups. */
    void checkWidths(StagesSpec stages) {
        if (stages.widths().stream()
                .anyMatch(width -> width > MAX_WIDTH
                        || (double) width * groupWidth / USUAL_WIDTH * groups > MAX_WIDTH
                        || (long) width * groupWidth > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("widths " + stages.widths() + ", with " + groups + " groups of width "
                    + groupWidth + ", exceed the limit of " + MAX_WIDTH + " channels");
        }
        if (stages.widths().stream().anyMatch(width -> width * groupWidth / USUAL_WIDTH < 1)) {
            throw new IllegalArgumentException("group width " + groupWidth + " is too small for widths "
                    + stages.widths() + ": a group would have no channels");
        }
    }

    /** Returns the number of channels of the 3x3 convolutions in a stage of this width. */
    int innerWidth(int width) {
        return width * groupWidth / USUAL_WIDTH * groups;
    }

    /** Returns the number of output channels of the blocks in a stage of this width. */
    int outChannels(int width) {
        return width * kind.expansion();
    }
}
