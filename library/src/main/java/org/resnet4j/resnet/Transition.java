package org.resnet4j.resnet;

/** The transition from one stage to the next, to smaller images with more channels. */
public enum Transition {
    /** The first block of each stage but the first has a stride of 2, and a shortcut that changes the shape: both papers. */
    STRIDE,
    /**
     * Each stage begins with a 3x3 convolution, normalization, ReLU and max pooling 2x2, so that all blocks have the identity as
     * shortcut; a stage may have no block. This is ResNet-9, which is made for short training (Page, 2018, "How to train your
     * ResNet").
     */
    POOL
}
