package org.resnet4j.resnet;

/**
 * Which convolution of a bottleneck has the stride. The weights have the same shapes either way, so a wrong choice loads
 * without an error and only costs accuracy: whoever supplies weights must say it.
 */
public enum StridePlacement {
    /** The first 1x1, as in the paper and in Caffe's weights ("v1"). */
    FIRST_1X1,
    /** The 3x3, as in torchvision and timm ("v1.5"): half a per cent more accurate, a little more work. */
    ON_3X3
}
