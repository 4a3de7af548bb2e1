package org.resnet4j.resnet;

/**
 * The layer names: timm's with pre-activation, torchvision's with every other order.
 *
 * @since 0.1.0
 */
public enum Naming {
    /** The names of torchvision's residual networks. */
    TORCHVISION("conv1", "fc", "bn", "") {
        @Override
        public String stage(int stage) {
            return "layer" + (stage + 1);
        }

        @Override
        public String block(int stage, int index) {
            return stage(stage) + "." + index;
        }
    },
    /** The names of timm's {@code resnetv2}. */
    TIMM_V2("stem.conv", "head.fc", "norm", ".conv") {
        @Override
        public String stage(int stage) {
            return "stages." + stage;
        }

        @Override
        public String block(int stage, int index) {
            return stage(stage) + ".blocks." + index;
        }
    };

    private final String stem;
    private final String classifier;
    private final String norm;
    private final String projection;

    Naming(String stem, String classifier, String norm, String projection) {
        this.stem = stem;
        this.classifier = classifier;
        this.norm = norm;
        this.projection = projection;
    }

    /** Returns the naming for an order of normalization and ReLU. */
    public static Naming of(ActivationOrder order) {
        return order == ActivationOrder.PRE ? TIMM_V2 : TORCHVISION;
    }

    /** Returns the name of the first convolution. */
    public String stem() {
        return stem;
    }

    /** Returns the name of the linear layer. */
    public String classifier() {
        return classifier;
    }

    /** Returns the name of the normalization after the last block. */
    String lastNorm() {
        return norm;
    }

    /**
     * Returns the name of a stage.
     *
     * @param stage the index of the stage, from 0
     */
    public abstract String stage(int stage);

    /**
     * Returns the name of a block.
     *
     * @param stage the index of the stage, from 0
     * @param index the index of the block in its stage, from 0
     */
    public abstract String block(int stage, int index);

    /**
     * Returns the name of the layers before the blocks of a stage that begins with pooling.
     *
     * @param stage the index of the stage, from 0
     */
    public String transition(int stage) {
        return "transition" + (stage + 1);
    }

    /**
     * Returns the name of a normalization of a block.
     *
     * @param number the number of the normalization, from 1
     */
    String norm(String block, int number) {
        return block + "." + norm + number;
    }

    /**
     * Returns the name of a convolution of a block.
     *
     * @param number the number of the convolution, from 1
     */
    public static String convolution(String block, int number) {
        return block + ".conv" + number;
    }

    /** Returns the name of a block's projection. It is a prefix if the projection has several layers. */
    String projection(String block) {
        return block + ".downsample" + projection;
    }
}
