package org.resnet4j.resnet;

/** How a network begins. */
public enum Stem {
    /** 7x7 with stride 2, then max pooling 3x3 with stride 2: for photographs of 224 pixels. */
    IMAGENET,
    /** One 3x3, no pooling: for images of 32 pixels. */
    SMALL_IMAGE
}
