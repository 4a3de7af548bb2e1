package org.resnet4j.resnet;

import java.util.List;

/**
 * A residual network as data: everything that determines its layers, and none of their weights. The description of a saved model
 * stores it.
 *
 * @param name the name for people and files: {@code resnet50}
 * @param stem its first layers
 * @param stemWidth channels of the stem
 * @param block the branch of its blocks
 * @param order the places of normalization and ReLU
 * @param transition the transition from one stage to the next
 * @param lastPool rows and columns of a max pooling behind the last block, before the mean; 1 for none
 * @param depths the number of blocks of each stage
 * @param widths of each stage: channels of the 3x3 convolutions, before {@code groups} and {@code groupWidth} change them
 * @param groups groups of channels of the 3x3 convolution of a bottleneck (ResNeXt; Xie et al., 2017)
 * @param groupWidth channels of a group, for each 64 of the stage's width: 64 is the usual bottleneck, 4 with 32 groups
 *     ResNeXt 32x4d, 128 the wide one (Zagoruyko and Komodakis, 2016)
 * @param squeeze the factor by which squeeze-and-excitation reduces the channels of each block (16 is usual); 0 for none
 * @param stridePlacement the convolution of a bottleneck that halves the image; basic blocks ignore it
 * @param shortcuts the shortcuts of the blocks
 * @param zeroInitResidual true if the last gamma of each branch begins at zero, so that every block begins as its shortcut
 * @param inChannels channels of the images: 1 for gray, 3 for color; other numbers for tensors that are no pictures
 * @param classes the number of classes
 * @param imageSize rows and columns of the images that it is made for; others work too
 */
public record ResNetSpec(
        String name,
        Stem stem,
        int stemWidth,
        BlockKind block,
        ActivationOrder order,
        Transition transition,
        int lastPool,
        List<Integer> depths,
        List<Integer> widths,
        int groups,
        int groupWidth,
        int squeeze,
        StridePlacement stridePlacement,
        ShortcutOption shortcuts,
        boolean zeroInitResidual,
        int inChannels,
        int classes,
        int imageSize) {
    /** The width for which {@code groupWidth} counts channels. */
    private static final int USUAL_WIDTH = 64;

    /** Channels of a 3x3 convolution; more do not fit an array together. */
    private static final int MAX_WIDTH = 1 << 20;

    /** Checks every number and copies the lists. */
    public ResNetSpec {
        depths = List.copyOf(depths);
        widths = List.copyOf(widths);
        if (depths.isEmpty() || depths.size() != widths.size()) {
            throw new IllegalArgumentException(
                    name + ": as many depths as widths, at least one; got " + depths + " and " + widths);
        }
        boolean pools = transition == Transition.POOL;
        if (depths.stream().anyMatch(n -> n < (pools ? 0 : 1))
                || widths.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException(
                    name + ": depths " + depths + " and widths " + widths + " must be positive");
        }
        if (lastPool < 1 || (pools && order == ActivationOrder.PRE)) {
            throw new IllegalArgumentException(name + ": a last pooling of " + lastPool
                    + " must be positive, and transitions by pooling do not go with pre-activation");
        }
        if (inChannels < 1 || classes < 1 || imageSize < 1 || stemWidth < 1) {
            throw new IllegalArgumentException(name + ": " + inChannels + " channels, " + classes
                    + " classes, image size " + imageSize + " and stem width " + stemWidth + " must be positive");
        }
        checkGroups(name, block, widths, groups, groupWidth);
        if (squeeze < 0 || (squeeze > 0 && order != ActivationOrder.POST)) {
            throw new IllegalArgumentException(name + ": squeeze-and-excitation by " + squeeze
                    + " must be 0 or more, and there is none with pre-activation or another order than post");
        }
        if (stem == Stem.DEEP && stemWidth % 2 != 0) {
            throw new IllegalArgumentException(
                    name + ": a deep stem begins with half of its " + stemWidth + " channels, so they must be even");
        }
        if (order != ActivationOrder.POST && (stem == Stem.DEEP || shortcuts == ShortcutOption.D)) {
            throw new IllegalArgumentException(name
                    + ": the deep stem and averaging shortcuts do not go with pre-activation or another order"
                    + " than post");
        }
        if (order == ActivationOrder.WITHOUT_NORM && (zeroInitResidual || pools)) {
            throw new IllegalArgumentException(
                    name + ": there is no gamma to begin at zero, and no transition by pooling, without normalisation");
        }
        if (!pools) {
            checkPadding(name, stemWidth, block, widths, shortcuts);
        }
    }

    private static void checkGroups(String name, BlockKind block, List<Integer> widths, int groups, int groupWidth) {
        if (groups < 1 || groupWidth < 1) {
            throw new IllegalArgumentException(
                    name + ": " + groups + " groups of width " + groupWidth + " must be positive");
        }
        if (block == BlockKind.BASIC && (groups != 1 || groupWidth != USUAL_WIDTH)) {
            throw new IllegalArgumentException(name + ": basic blocks have no groups, got " + groups + " of width "
                    + groupWidth + " instead of 1 of width " + USUAL_WIDTH);
        }
        if (widths.stream()
                .anyMatch(width -> width > MAX_WIDTH
                        || (double) width * groupWidth / USUAL_WIDTH * groups > MAX_WIDTH
                        || (long) width * groupWidth > Integer.MAX_VALUE)) {
            throw new IllegalArgumentException(name + ": widths " + widths + ", with " + groups + " groups of width "
                    + groupWidth + ", are over the limit of " + MAX_WIDTH + " channels");
        }
        if (widths.stream().anyMatch(width -> width * groupWidth / USUAL_WIDTH < 1)) {
            throw new IllegalArgumentException(
                    name + ": with group width " + groupWidth + " widths " + widths + " leave a group no channel");
        }
    }

    private static void checkPadding(
            String name, int stemWidth, BlockKind block, List<Integer> widths, ShortcutOption shortcuts) {
        int channels = stemWidth;
        for (int width : widths) {
            int out = width * block.expansion();
            if (shortcuts.pads() && out < channels) {
                throw new IllegalArgumentException(
                        name + ": zero-padding shortcuts cannot drop channels, widths are " + widths);
            }
            channels = out;
        }
    }

    /** Returns a builder with defaults: basic blocks, one group, option B, 3 channels, 1000 classes, 224 pixels. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** Returns a builder with this description. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Returns the number of layers that the name counts: convolutions of the branches, transitions and the stem, and the linear layer. */
    public int depth() {
        int blocks = depths.stream().mapToInt(Integer::intValue).sum();
        int transitions = transition == Transition.POOL ? depths.size() : 0;
        return blocks * (block == BlockKind.BASIC ? 2 : 3) + transitions + 2;
    }

    /** Returns the number of channels before the linear layer. */
    public int features() {
        return widths.getLast() * block.expansion();
    }

    /** Returns the number of channels of the 3x3 convolutions of a stage, counted from 0. */
    public int innerWidth(int stage) {
        return widths.get(stage) * groupWidth / USUAL_WIDTH * groups;
    }

    /** Returns the path of the first convolution in files of weights. */
    public String firstConvolution() {
        String stemName = Naming.of(order).stem();
        return stem == Stem.DEEP ? stemName + ".0" : stemName;
    }

    /** Returns the path of the linear layer in files of weights. */
    public String classifier() {
        return Naming.of(order).classifier();
    }

    /** Returns the same network for another number of classes. */
    public ResNetSpec withClasses(int changed) {
        return toBuilder().classes(changed).build();
    }

    /** Returns the same network for images of another size and number of channels. */
    public ResNetSpec withImages(int changedSize, int changedChannels) {
        return toBuilder().images(changedSize, changedChannels).build();
    }

    /** Returns the same network with other shortcuts. */
    public ResNetSpec withShortcuts(ShortcutOption changed) {
        return toBuilder().shortcuts(changed).build();
    }

    /** Returns the same network with another order of normalization and ReLU. */
    public ResNetSpec withOrder(ActivationOrder changed) {
        return toBuilder().order(changed).build();
    }

    /** Returns the same network with another placement of the stride. */
    public ResNetSpec withStridePlacement(StridePlacement changed) {
        return toBuilder().stridePlacement(changed).build();
    }

    /** Returns the same network with the last gamma of each branch beginning at zero, or at one. */
    public ResNetSpec withZeroInitResidual(boolean changed) {
        return toBuilder().zeroInitResidual(changed).build();
    }

    /** A builder of descriptions; {@link #build} checks them. */
    public static final class Builder {
        private String name;
        private Stem stem = Stem.IMAGENET;
        private int stemWidth;
        private BlockKind block = BlockKind.BASIC;
        private ActivationOrder order = ActivationOrder.POST;
        private Transition transition = Transition.STRIDE;
        private int lastPool = 1;
        private List<Integer> depths = List.of();
        private List<Integer> widths = List.of();
        private int groups = 1;
        private int groupWidth = USUAL_WIDTH;
        private int squeeze;
        private StridePlacement stridePlacement = StridePlacement.ON_3X3;
        private ShortcutOption shortcuts = ShortcutOption.B;
        private boolean zeroInitResidual;
        private int inChannels = 3;
        private int classes = 1000;
        private int imageSize = 224;

        private Builder(String name) {
            this.name = name;
        }

        private Builder(ResNetSpec spec) {
            name = spec.name;
            stem = spec.stem;
            stemWidth = spec.stemWidth;
            block = spec.block;
            order = spec.order;
            transition = spec.transition;
            lastPool = spec.lastPool;
            depths = spec.depths;
            widths = spec.widths;
            groups = spec.groups;
            groupWidth = spec.groupWidth;
            squeeze = spec.squeeze;
            stridePlacement = spec.stridePlacement;
            shortcuts = spec.shortcuts;
            zeroInitResidual = spec.zeroInitResidual;
            inChannels = spec.inChannels;
            classes = spec.classes;
            imageSize = spec.imageSize;
        }

        /** Sets the name for people and files. */
        public Builder name(String changed) {
            name = changed;
            return this;
        }

        /** Sets the first layers. */
        public Builder stem(Stem changed) {
            stem = changed;
            return this;
        }

        /** Sets the channels of the stem, by default those of the first stage. */
        public Builder stemWidth(int changed) {
            stemWidth = changed;
            return this;
        }

        /** Sets the branch of the blocks. */
        public Builder block(BlockKind changed) {
            block = changed;
            return this;
        }

        /** Sets the places of normalization and ReLU. */
        public Builder order(ActivationOrder changed) {
            order = changed;
            return this;
        }

        /** Sets the transition between stages, and the window of the max pooling after the last; 1 for none. */
        public Builder transition(Transition changed, int changedLastPool) {
            transition = changed;
            lastPool = changedLastPool;
            return this;
        }

        /** Sets the number of blocks of each stage. */
        public Builder depths(List<Integer> changed) {
            depths = changed;
            return this;
        }

        /** Sets the width of each stage. */
        public Builder widths(List<Integer> changed) {
            widths = changed;
            return this;
        }

        /** Sets the groups of the 3x3 convolutions, and the channels of each for 64 of the stage's width. */
        public Builder groups(int changed, int changedWidth) {
            groups = changed;
            groupWidth = changedWidth;
            return this;
        }

        /** Sets the factor by which squeeze-and-excitation reduces the channels; 0 for none. */
        public Builder squeeze(int changed) {
            squeeze = changed;
            return this;
        }

        /** Sets the convolution of a bottleneck that has the stride. */
        public Builder stridePlacement(StridePlacement changed) {
            stridePlacement = changed;
            return this;
        }

        /** Sets the shortcuts of the blocks. */
        public Builder shortcuts(ShortcutOption changed) {
            shortcuts = changed;
            return this;
        }

        /** Sets whether the last gamma of each branch begins at zero. */
        public Builder zeroInitResidual(boolean changed) {
            zeroInitResidual = changed;
            return this;
        }

        /** Sets the rows and columns of the images, and their channels. */
        public Builder images(int changedSize, int changedChannels) {
            imageSize = changedSize;
            inChannels = changedChannels;
            return this;
        }

        /** Sets the number of classes. */
        public Builder classes(int changed) {
            classes = changed;
            return this;
        }

        /**
         * Returns the description.
         *
         * @throws IllegalArgumentException if its parts do not go together
         */
        public ResNetSpec build() {
            int stemChannels = stemWidth == 0 && !widths.isEmpty() ? widths.getFirst() : stemWidth;
            return new ResNetSpec(
                    name,
                    stem,
                    stemChannels,
                    block,
                    order,
                    transition,
                    lastPool,
                    depths,
                    widths,
                    groups,
                    groupWidth,
                    squeeze,
                    stridePlacement,
                    shortcuts,
                    zeroInitResidual,
                    inChannels,
                    classes,
                    imageSize);
        }
    }
}
