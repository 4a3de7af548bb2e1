package org.resnet4j.training;

import org.resnet4j.support.Check;

/**
 * The length of a run.
 *
 * @param epochs passes over the data
 * @param stepsPerEpoch weight updates in each epoch
 */
public record RunLength(int epochs, int stepsPerEpoch) {
    public RunLength {
        Check.atLeast("epochs", 1, epochs);
        Check.atLeast("steps per epoch", 1, stepsPerEpoch);
    }

    /** Returns the number of weight updates in the run. */
    public long steps() {
        return (long) epochs * stepsPerEpoch;
    }
}
