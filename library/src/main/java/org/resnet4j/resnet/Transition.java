package org.resnet4j.resnet;

/**
 * The transition between stages, which makes the image smaller and increases the channels.
 *
 * @since 0.1.0
 */
public enum Transition {
    /**
     * The first block of each stage but the first has a stride of 2 and a shortcut that changes the shape, as in both
     * papers.
     */
    STRIDE,
    /**
     * Each stage begins with a 3x3 convolution, normalization, ReLU and 2x2 max pooling, so that all blocks have the
     * identity as shortcut. A stage may have no blocks. ResNet-9, a network for short training, is built this way
     * (Page, 2018, "How to train your ResNet").
     */
    POOL
}
