package org.resnet4j.transfer;

import org.resnet4j.tensor.Tensor;

/** Computes the features of images with a frozen backbone. */
interface FeatureSource {
    /** Images that go through the backbone together, for any training batch size. */
    int IMAGES_AT_A_TIME = 32;

    /** Returns the number of features of an image. */
    int length();

    /**
     * Computes the features of a batch.
     *
     * @param images {@code [N, H, W, C]}
     * @param features receives {@code [N, length]}
     */
    void compute(Tensor images, Tensor features);
}
