package org.resnet4j.layer;

import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The randomness of one training step.
 *
 * @param seed the same seed draws the same numbers
 * @param stochasticDepth the chance that branches are left out in this step, if they are
 */
public record StepRandom(long seed, Optional<StochasticDepth> stochasticDepth) {
    /** Returns the randomness of a step without stochastic depth. */
    public static StepRandom seeded(long seed) {
        return new StepRandom(seed, Optional.empty());
    }

    /**
     * Returns a source of random numbers.
     *
     * @param place the use of the numbers, such as the number of a block; every place has a source of its own
     */
    public SplittableRandom at(int... place) {
        long mixed = new SplittableRandom(seed).nextLong();
        for (int part : place) {
            mixed = new SplittableRandom(mixed + part).nextLong();
        }
        return new SplittableRandom(mixed);
    }
}
