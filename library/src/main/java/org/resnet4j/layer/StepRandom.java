package org.resnet4j.layer;

import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The randomness of one training step.
 *
 * @param seed the seed of all random numbers of the step
 * @param stochasticDepth the probability that branches are dropped in this step; empty without stochastic depth
 */
public record StepRandom(long seed, Optional<StochasticDepth> stochasticDepth) {
    /** Returns the randomness of a step without stochastic depth. */
    public static StepRandom seeded(long seed) {
        return new StepRandom(seed, Optional.empty());
    }

    /**
     * Returns a source of random numbers.
     *
     * @param place the use of the numbers, such as the index of a block; every place has its own source
     */
    public SplittableRandom at(int... place) {
        long mixed = new SplittableRandom(seed).nextLong();
        for (int part : place) {
            mixed = new SplittableRandom(mixed + part).nextLong();
        }
        return new SplittableRandom(mixed);
    }
}
