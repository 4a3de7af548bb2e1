package org.resnet4j.resnet;

import java.io.Serializable;
import java.util.List;

/**
 * The description of a residual network: everything that determines its layers, without their weights. It is stored in
 * the description of a saved model.
 *
 * @param name the name for display and files: {@code resnet50}
 * @param stem the first layers
 * @param stages the stages of blocks
 * @param block the blocks
 * @param shortcuts the shortcuts of the blocks
 * @param inChannels the number of image channels: 1 for gray, 3 for color; other numbers for tensors that are not
 *     pictures
 * @param classes the number of classes
 * @param imageSize the rows and columns of the images that the network is designed for; others work, too
 * @since 0.1.0
 */
public record ResNetSpec(
        String name,
        StemSpec stem,
        StagesSpec stages,
        BlockSpec block,
        ShortcutOption shortcuts,
        int inChannels,
        int classes,
        int imageSize)
        implements Serializable {
    /** Rejects invalid combinations. */
    public ResNetSpec {
        ActivationOrder order = block.order();
        if (stages.lastPool() < 1 || (stages.pools() && order == ActivationOrder.PRE)) {
            throw new IllegalArgumentException("a last pooling of " + stages.lastPool()
                    + " must be positive, and transitions by pooling cannot be combined with pre-activation");
        }
        if (inChannels < 1 || classes < 1 || imageSize < 1 || stem.width() < 1) {
            throw new IllegalArgumentException(inChannels + " channels, " + classes + " classes, image size "
                    + imageSize + " and stem width " + stem.width() + " must be positive");
        }
        block.checkWidths(stages);
        if (order != ActivationOrder.POST && (stem.kind() == Stem.DEEP || shortcuts == ShortcutOption.D)) {
            throw new IllegalArgumentException(
                    "the deep stem and averaging shortcuts cannot be combined with pre-activation"
                            + " or any order other than post");
        }
        if (order == ActivationOrder.WITHOUT_NORM && (block.zeroInitResidual() || stages.pools())) {
            throw new IllegalArgumentException(
                    "without normalization, no gamma can be initialized to zero and stages cannot begin with pooling");
        }
        if (shortcuts.pads() && !stages.pools()) {
            checkPadding(stem, stages, block);
        }
    }

    private static void checkPadding(StemSpec stem, StagesSpec stages, BlockSpec block) {
        int channels = stem.width();
        for (int width : stages.widths()) {
            int out = block.outChannels(width);
            if (out < channels) {
                throw new IllegalArgumentException(
                        "zero-padding shortcuts cannot reduce the number of channels, got widths " + stages.widths());
            }
            channels = out;
        }
    }

    /** Returns a builder with defaults: basic blocks, one group, option B, 3 channels, 1000 classes, 224 pixels. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** Returns a builder initialized with this description. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * Returns the depth as counted by the network's name: the convolutions of the branches, the transitions and the
     * stem, and the linear layer.
     */
    public int depth() {
        int transitions = stages.pools() ? stages.count() : 0;
        return stages.blocks() * (block.kind() == BlockKind.BASIC ? 2 : 3) + transitions + 2;
    }

    /** Returns the number of features, which are the input of the linear layer. */
    public int features() {
        return block.outChannels(stages.widths().getLast());
    }

    /**
     * Returns the number of channels of the 3x3 convolutions of a stage.
     *
     * @param stage the index of the stage, from 0
     */
    public int innerWidth(int stage) {
        return block.innerWidth(stages.widths().get(stage));
    }

    /**
     * Returns the number of output channels of a stage.
     *
     * @param stage the index of the stage, from 0
     */
    public int outChannels(int stage) {
        return block.outChannels(stages.widths().get(stage));
    }

    /** Returns the path of the first convolution in weight files. */
    public String firstConvolution() {
        String stemName = Naming.of(block.order()).stem();
        return stem.kind() == Stem.DEEP ? stemName + ".0" : stemName;
    }

    /** Returns the path of the linear layer in weight files. */
    public String classifier() {
        return Naming.of(block.order()).classifier();
    }

    /** Returns this network with another number of classes. */
    public ResNetSpec withClasses(int changed) {
        return toBuilder().classes(changed).build();
    }

    /** Returns this network with another image size and number of channels. */
    public ResNetSpec withImages(int changedSize, int changedChannels) {
        return toBuilder().images(changedSize, changedChannels).build();
    }

    /** Returns this network with other shortcuts. */
    public ResNetSpec withShortcuts(ShortcutOption changed) {
        return toBuilder().shortcuts(changed).build();
    }

    /** Returns this network with another order of normalization and ReLU. */
    public ResNetSpec withOrder(ActivationOrder changed) {
        return toBuilder().order(changed).build();
    }

    /** Returns this network with another placement of the stride. */
    public ResNetSpec withStridePlacement(StridePlacement changed) {
        return toBuilder().stridePlacement(changed).build();
    }

    /** Returns this network with the last gamma of each branch initialized to zero or to one. */
    public ResNetSpec withZeroInitResidual(boolean changed) {
        return toBuilder().zeroInitResidual(changed).build();
    }

    /** A builder of descriptions. {@link #build} rejects invalid ones. */
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
        private int groupWidth = BlockSpec.USUAL_WIDTH;
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
            stem = spec.stem.kind();
            stemWidth = spec.stem.width();
            block = spec.block.kind();
            order = spec.block.order();
            transition = spec.stages.transition();
            lastPool = spec.stages.lastPool();
            depths = spec.stages.depths();
            widths = spec.stages.widths();
            groups = spec.block.groups();
            groupWidth = spec.block.groupWidth();
            squeeze = spec.block.squeeze();
            stridePlacement = spec.block.stridePlacement();
            shortcuts = spec.shortcuts;
            zeroInitResidual = spec.block.zeroInitResidual();
            inChannels = spec.inChannels;
            classes = spec.classes;
            imageSize = spec.imageSize;
        }

        /** Sets the name for display and files. */
        public Builder name(String changed) {
            name = changed;
            return this;
        }

        /** Sets the first layers. */
        public Builder stem(Stem changed) {
            stem = changed;
            return this;
        }

        /** Sets the number of channels of the stem. The default is the width of the first stage. */
        public Builder stemWidth(int changed) {
            stemWidth = changed;
            return this;
        }

        /** Sets the kind of branch of the blocks. */
        public Builder block(BlockKind changed) {
            block = changed;
            return this;
        }

        /** Sets the positions of normalization and ReLU. */
        public Builder order(ActivationOrder changed) {
            order = changed;
            return this;
        }

        /** Sets the transition between stages, and the window of the max pooling after the last stage; 1 for none. */
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

        /** Sets the width of each stage, as in {@link StagesSpec}. */
        public Builder widths(List<Integer> changed) {
            widths = changed;
            return this;
        }

        /**
         * Sets the number of groups of the 3x3 convolutions, and the channels of a group for each 64 of the stage's
         * width.
         */
        public Builder groups(int changed, int changedWidth) {
            groups = changed;
            groupWidth = changedWidth;
            return this;
        }

        /** Sets the reduction factor of squeeze-and-excitation; 0 for none. */
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

        /** Sets the initial value of the last gamma of each branch: zero if true, one if false. */
        public Builder zeroInitResidual(boolean changed) {
            zeroInitResidual = changed;
            return this;
        }

        /** Sets the rows and columns of the images, and the number of their channels. */
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
         * @throws IllegalArgumentException if the combination is invalid
         */
        public ResNetSpec build() {
            int stemChannels = stemWidth == 0 && !widths.isEmpty() ? widths.getFirst() : stemWidth;
            try {
                return new ResNetSpec(
                        name,
                        new StemSpec(stem, stemChannels),
                        new StagesSpec(depths, widths, transition, lastPool),
                        new BlockSpec(block, order, stridePlacement, groups, groupWidth, squeeze, zeroInitResidual),
                        shortcuts,
                        inChannels,
                        classes,
                        imageSize);
            } catch (IllegalArgumentException invalid) {
                throw new IllegalArgumentException(name + ": " + invalid.getMessage(), invalid);
            }
        }
    }
}
