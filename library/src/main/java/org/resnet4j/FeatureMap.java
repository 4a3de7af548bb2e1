package org.resnet4j;

import org.resnet4j.tensor.Tensor;

/**
 * The features of images at the end of a stage of a network.
 *
 * <p>The mean of the last map over its pixels is the {@linkplain ImageClassifier#embed embedding}, unless layers come
 * between. A network with pre-activation has normalization and ReLU before the mean; a network whose stages end with
 * pooling has the last pooling.
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
