package org.resnet4j.training;

import java.io.Serializable;
import org.resnet4j.support.Check;
import org.resnet4j.training.Schedule.RunLength;

/**
 * The learning rate of every step of a run.
 *
 * @param base the learning rate that the factors of the schedule multiply
 * @param schedule the curve after the warm-up
 * @param warmUpEpochs length of the linear warm-up to {@code base}, in epochs; 0 for none
 * @param warmUpStart fraction of {@code base} at the first step of the warm-up, above 0
 * @since 0.1.0
 */
public record LearningRate(double base, Schedule schedule, double warmUpEpochs, double warmUpStart)
        implements Serializable {
    /** Fraction of the base, as in torchvision's recipes. */
    private static final double USUAL_START = 0.01;

    public LearningRate {
        Check.positive("the learning rate", base);
        Check.notNegative("the epochs of warm-up", warmUpEpochs);
        Check.positive("the start of the warm-up", warmUpStart);
        if (warmUpEpochs > 0 && schedule instanceof Schedule.OneCycle) {
            throw new IllegalArgumentException(
                    "the one-cycle schedule has its own warm-up; use none beside it, got " + warmUpEpochs + " epochs");
        }
    }

    /** Creates a learning rate without warm-up. */
    public LearningRate(double base, Schedule schedule) {
        this(base, schedule, 0, USUAL_START);
    }

    /** Returns a copy with a warm-up that starts at one hundredth of the base. */
    public LearningRate withWarmUp(double epochs) {
        return new LearningRate(base, schedule, epochs, USUAL_START);
    }

    /**
     * Returns the learning rate of one step.
     *
     * @param step counted from 0
     * @throws IllegalArgumentException if the step is outside the run
     */
    public double at(long step, RunLength length) {
        if (step < 0 || step >= length.steps()) {
            throw new IllegalArgumentException("step " + step + " is not in a run of " + length.steps());
        }
        long warmUp = Math.round(warmUpEpochs * length.stepsPerEpoch());
        if (step < warmUp) {
            return base * (warmUpStart + (1 - warmUpStart) * step / warmUp);
        }
        return base * schedule.factor(step, warmUp, length);
    }
}
