package org.resnet4j.resnet;

/**
 * The first layers of a network.
 *
 * @since 0.1.0
 */
public enum Stem {
    /** A 7x7 convolution with stride 2, then 3x3 max pooling with stride 2: for photographs of 224 pixels. */
    IMAGENET,
    /**
     * Three 3x3 convolutions, the first with stride 2 and half of the channels, then max pooling: the stem of ResNet-C
     * and ResNet-D (He et al., 2019, "Bag of Tricks", figure 2b).
     */
    DEEP,
    /** A 3x3 convolution without pooling: for images of 32 pixels. */
    SMALL_IMAGE
}
