package org.resnet4j.resnet;

/**
 * The description of a network's blocks.
 *
 * @param kind the branch
 * @param order the places of normalization and ReLU
 * @param stridePlacement the convolution of a bottleneck that halves the image; basic blocks ignore it
 * @param groups groups of channels of the 3x3 convolution of a bottleneck (ResNeXt; Xie et al., 2017)
 * @param groupWidth channels of a group, for each 64 of the stage's width: 64 is the usual bottleneck, 4 with 32 groups
 *     ResNeXt 32x4d, 128 the wide one (Zagoruyko and Komodakis, 2016)
 * @param squeeze the factor by which squeeze-and-excitation reduces the channels of each block (16 is usual); 0 for none
 * @param zeroInitResidual true if the last gamma of each branch begins at zero, so that every block begins as its shortcut
 */
public record BlockSpec(
        BlockKind kind,
        ActivationOrder order,
        StridePlacement stridePlacement,
        int groups,
        int groupWidth,
        int squeeze,
        boolean zeroInitResidual) {
    /** The width for which {@code groupWidth} counts channels. */
    static final int USUAL_WIDTH = 64;

    /** Channels of a 3x3 convolution; more do not fit an array together. */
    private static final int MAX_WIDTH = 1 << 20;

    public BlockSpec {
        if (groups < 1 || groupWidth < 1) {
            throw new IllegalArgumentException(groups + " groups of width " + groupWidth + " must be positive");
        }
        if (kind == BlockKind.BASIC && (groups != 1 || groupWidth != USUAL_WIDTH)) {
            throw new IllegalArgumentException("basic blocks have no groups, got " + groups + " of width " + groupWidth
                    + " instead of 1 of width " + USUAL_WIDTH);
        }
        if (squeeze < 0 || (squeeze > 0 && order != ActivationOrder.POST)) {
            throw new IllegalArgumentException("squeeze-and-excitation by " + squeeze
                    + " must be 0 or more, and there is none with pre-activation or another order than post");
        }
    }

    /** Rejects stages whose widths are too large for the groups, or too small. */
    void checkWidths(StagesSpec stages) {
        if (stages.widths().stream()
                .anyMatch(width -> width > MAX_WIDTH
                        || (double) width * groupWidth / USUAL_WIDTH * groups > MAX_WIDTH
                        || (long) width * groupWidth > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("widths " + stages.widths() + ", with " + groups + " groups of width "
                    + groupWidth + ", are over the limit of " + MAX_WIDTH + " channels");
        }
        if (stages.widths().stream().anyMatch(width -> width * groupWidth / USUAL_WIDTH < 1)) {
            throw new IllegalArgumentException(
                    "with group width " + groupWidth + " widths " + stages.widths() + " leave a group no channel");
        }
    }

    /** Returns the channels of the 3x3 convolutions in a stage of this width. */
    int innerWidth(int width) {
        return width * groupWidth / USUAL_WIDTH * groups;
    }

    /** Returns the channels of the results in a stage of this width. */
    int outChannels(int width) {
        return width * kind.expansion();
    }
}
