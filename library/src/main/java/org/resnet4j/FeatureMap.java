package org.resnet4j;

import org.resnet4j.tensor.Tensor;

/**
 * The features of images at the end of a stage of a network.
 *
 * @param stage {@code stem}, or the path of the stage: {@code layer2}, with pre-activation {@code stages.1}
 * @param stride rows and columns of the image for each row and column of the map
 * @param values {@code [N, H, W, channels]}; H and W are those of the images divided by the stride, rounded up where
 *     convolutions pad and down where pooling drops an odd row; not copied
 * @since 0.1.0
 */
public record FeatureMap(String stage, int stride, Tensor values) {
    /** Returns the number of features at each position. */
    public int channels() {
        return values.shape().extent(3);
    }
}
