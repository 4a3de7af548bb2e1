package org.resnet4j.training;

import org.resnet4j.support.Check;

/**
 * How long a run is.
 *
 * @param epochs passes over the data
 * @param stepsPerEpoch changes of the weights in each
 */
public record RunLength(int epochs, int stepsPerEpoch) {
    public RunLength {
        Check.atLeast("epochs", 1, epochs);
        Check.atLeast("steps per epoch", 1, stepsPerEpoch);
    }

    /** Changes of the weights in the whole run. */
    public long steps() {
        return (long) epochs * stepsPerEpoch;
    }
}
