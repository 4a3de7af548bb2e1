package org.resnet4j.training;

import java.io.Serializable;
import java.util.List;
import org.resnet4j.support.Check;

/**
 * The course of the learning rate over a run: a pure function of the step, so that a run can be resumed anywhere. The
 * curves match PyTorch's schedulers stepped after every update.
 *
 * @since 0.1.0
 */
public sealed interface Schedule extends Serializable {
    /**
     * The length of a run.
     *
     * @param epochs the number of passes over the data
     * @param stepsPerEpoch the number of updates of the weights in each
     */
    record RunLength(int epochs, int stepsPerEpoch) {
        public RunLength {
            Check.atLeast("epochs", 1, epochs);
            Check.atLeast("steps per epoch", 1, stepsPerEpoch);
        }

        /** Returns the number of updates of the weights in the whole run. */
        public long steps() {
            return (long) epochs * stepsPerEpoch;
        }
    }

    /**
     * Returns the factor by which a step multiplies the base learning rate.
     *
     * @param step counted from 0, below {@code length.steps()}
     * @param warmUp number of warm-up steps at the start of the run; {@code step} is not one of them
     */
    double factor(long step, long warmUp, RunLength length);

    /** A constant learning rate. */
    record Constant() implements Schedule {
        @Override
        public double factor(long step, long warmUp, RunLength length) {
            return 1;
        }
    }

    /**
     * A learning rate multiplied by {@code factor} at each milestone ({@code MultiStepLR}).
     *
     * @param milestones epochs from the start of the run, ascending; fractions are positions within an epoch
     * @param factor factor of each drop: 0.1 in the papers
     */
    record Steps(List<Double> milestones, double factor) implements Schedule {
        public Steps {
            milestones = List.copyOf(milestones);
            Check.positive("the factor of a step schedule", factor);
            double last = 0;
            for (double milestone : milestones) {
                if (!(milestone > last)) {
                    throw new IllegalArgumentException("milestones must rise from above 0, got " + milestones);
                }
                last = milestone;
            }
        }

        @Override
        public double factor(long step, long warmUp, RunLength length) {
            double result = 1;
            for (double milestone : milestones) {
                if (step >= Math.round(milestone * length.stepsPerEpoch())) {
                    result *= factor;
                }
            }
            return result;
        }
    }

    /**
     * A half cosine from the end of the warm-up to the end of the run ({@code CosineAnnealingLR}; Loshchilov and
     * Hutter, 2017).
     *
     * @param floor the final fraction of the base; usually 0
     */
    record Cosine(double floor) implements Schedule {
        public Cosine {
            Check.share("the floor of a cosine schedule", floor);
        }

        /** Creates a schedule that falls to 0. */
        public Cosine() {
            this(0);
        }

        @Override
        public double factor(long step, long warmUp, RunLength length) {
            double progress = (double) (step - warmUp) / (length.steps() - warmUp);
            return Anneal.cosine(1, floor, progress);
        }
    }

    /**
     * A rise to the base learning rate followed by a fall to almost 0 ({@code OneCycleLR} with cosines; Smith and
     * Topin, 2018). It includes a warm-up and cannot be combined with another.
     *
     * @param warmShare fraction of the run that rises: 0.3 in PyTorch
     * @param startDivisor the base divided by the initial learning rate: 25 in PyTorch
     * @param endDivisor the initial learning rate divided by the final one: 1e4 in PyTorch
     */
    record OneCycle(double warmShare, double startDivisor, double endDivisor) implements Schedule {
        public OneCycle {
            Check.share("the rising share of a one-cycle schedule", warmShare);
            Check.positive("the start divisor of a one-cycle schedule", startDivisor);
            Check.positive("the end divisor of a one-cycle schedule", endDivisor);
        }

        /** Creates a schedule with PyTorch's defaults. */
        public OneCycle() {
            this(0.3, 25, 1e4);
        }

        @Override
        public double factor(long step, long warmUp, RunLength length) {
            double start = 1 / startDivisor;
            double top = warmShare * length.steps() - 1;
            double end = length.steps() - 1.0;
            if (step <= top && top > 0) {
                return Anneal.cosine(start, 1, step / top);
            }
            return Anneal.cosine(1, start / endDivisor, (step - top) / (end - top));
        }
    }
}
