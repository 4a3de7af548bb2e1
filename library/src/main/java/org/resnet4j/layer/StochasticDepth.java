package org.resnet4j.layer;

import java.util.SplittableRandom;

/**
 * Stochastic depth (Huang et al., 2016): in a training step some images pass some residual blocks by their shortcut alone, deep
 * blocks more often than early ones.
 *
 * @param rate the probability that the last block's branch is left out, from 0 to below 1
 */
public record StochasticDepth(double rate) {
    public StochasticDepth {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("the rate of stochastic depth must be from 0 to below 1, got " + rate);
        }
    }

    /**
     * Draws the factors of one block's branch: 0, or 1 / (the probability that it is kept), so that the mean stays the same.
     *
     * @param block the block's number, from 0
     * @param blocks the number of blocks; the rate rises linearly, from 0 at the first to the full rate at the last
     * @param factors receives one for each image
     * @param images the number of images
     */
    void draw(SplittableRandom random, int block, int blocks, float[] factors, int images) {
        double keep = 1 - rate * block / Math.max(1, blocks - 1);
        for (int image = 0; image < images; image++) {
            factors[image] = random.nextDouble() < keep ? (float) (1 / keep) : 0f;
        }
    }
}
