package org.resnet4j.resnet;

/**
 * What the layers are called in files: torchvision's names where normalisation follows convolution, timm's
 * ({@code resnetv2}) with pre-activation.
 */
enum Naming {
    TORCHVISION("conv1", "fc", "bn", "") {
        @Override
        String block(int stage, int index) {
            return "layer" + (stage + 1) + "." + index;
        }
    },
    TIMM_V2("stem.conv", "head.fc", "norm", ".conv") {
        @Override
        String block(int stage, int index) {
            return "stages." + stage + ".blocks." + index;
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

    static Naming of(ActivationOrder order) {
        return order == ActivationOrder.PRE ? TIMM_V2 : TORCHVISION;
    }

    /** The first convolution. */
    String stem() {
        return stem;
    }

    /** The linear layer. */
    String classifier() {
        return classifier;
    }

    /** The normalisation behind the last block. */
    String lastNorm() {
        return norm;
    }

    /** A block, counted from 0. */
    abstract String block(int stage, int index);

    /** What a stage begins with where it begins with pooling; counted from 0. */
    String transition(int stage) {
        return "transition" + (stage + 1);
    }

    /** A normalisation of a block, counted from 1. */
    String norm(String block, int number) {
        return block + "." + norm + number;
    }

    /** A convolution of a block, counted from 1. */
    static String convolution(String block, int number) {
        return block + ".conv" + number;
    }

    /** The projection of a block; of several layers they have numbers behind it. */
    String projection(String block) {
        return block + ".downsample" + projection;
    }
}
