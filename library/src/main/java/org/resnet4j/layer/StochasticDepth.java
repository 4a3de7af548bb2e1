package org.resnet4j.layer;

import java.util.SplittableRandom;

/**
 * Stochastic depth (Huang et al., 2016). In a training step some images skip the branches of some residual blocks, in
 * deep blocks more often than in early ones.
 *
 * @param rate the probability that the last block's branch is dropped, from 0 (inclusive) to 1 (exclusive)
 */
public record StochasticDepth(double rate) {
    public StochasticDepth {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException(
                    "the rate of stochastic depth must be at least 0 and below 1, got " + rate);
        }
    }

    /**
     * Draws the factors of one block's branch: 0, or 1 / (the probability that it is kept), which preserves the mean.
     *
     * @param block the index of the block, from 0
     * @param blocks the number of blocks; the rate rises linearly, from 0 for the first to the full rate for the last
     * @param factors the array that receives one factor for each image
     * @param images the number of images
     */
    void draw(SplittableRandom random, int block, int blocks, float[] factors, int images) {
        double keep = 1 - rate * block / Math.max(1, blocks - 1);
        for (int image = 0; image < images; image++) {
            factors[image] = random.nextDouble() < keep ? (float) (1 / keep) : 0f;
        }
    }
}
