package org.resnet4j.resnet;

/**
 * The convolution of a bottleneck that has the stride. The weights have the same shapes for both placements, so a wrong
 * choice loads without an error but costs accuracy. The supplier of weights must specify it.
 *
 * @since 0.1.0
 */
public enum StridePlacement {
    /** The first 1x1 convolution, as in the paper and in Caffe's weights ("v1"). */
    FIRST_1X1,
    /**
     * The 3x3 convolution, as in torchvision and timm ("v1.5"): half a percent more accurate, with a little more work.
     */
    ON_3X3
}
