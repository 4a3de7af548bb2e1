package org.resnet4j.layer;

import java.util.SplittableRandom;

/**
 * Stochastic depth (Huang et al., 2016): in a training step some images pass some residual blocks by their shortcut alone, deep
 * blocks more often than early ones.
 *
 * @param rate how often the last block's branch is left out, from 0 to below 1
 */
public record StochasticDepth(double rate) {
    public StochasticDepth {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("the rate of stochastic depth must be from 0 to below 1, got " + rate);
        }
    }

    /**
     * Draws for one block what its branch is multiplied by: 0, or 1 / (how often it is kept), so that its mean stays.
     *
     * @param block the block's number, from 0
     * @param blocks how many there are; the rate rises in a line from nothing at the first to the full one at the last
     * @param factors receives one for each image
     * @param images how many
     */
    void draw(SplittableRandom random, int block, int blocks, float[] factors, int images) {
        double keep = 1 - rate * block / Math.max(1, blocks - 1);
        for (int image = 0; image < images; image++) {
            factors[image] = random.nextDouble() < keep ? (float) (1 / keep) : 0f;
        }
    }
}
