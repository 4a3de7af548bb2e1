package org.resnet4j.resnet;

/** The first layers of a network. */
public enum Stem {
    /** 7x7 with stride 2, then max pooling 3x3 with stride 2: for photographs of 224 pixels. */
    IMAGENET,
    /**
     * Three 3x3, the first with stride 2 and half the channels, then max pooling: the C of ResNet-C and ResNet-D (He et al.,
     * 2019, "Bag of Tricks", figure 2b).
     */
    DEEP,
    /** One 3x3, no pooling: for images of 32 pixels. */
    SMALL_IMAGE
}
