package org.resnet4j.training;

import java.util.List;
import org.resnet4j.support.Check;

/**
 * How the learning rate changes over a run: a pure function of the step, so that a run can go on from any place. The
 * curves are those of PyTorch's schedulers when those are stepped after every change of the weights.
 */
public sealed interface Schedule {
    /**
     * The share of the base learning rate that a step uses.
     *
     * @param step counted from 0, below {@code length.steps()}
     * @param warmUp the steps that a warm-up took from the start; {@code step} is not among them
     */
    double factor(long step, long warmUp, RunLength length);

    /** The base learning rate all along. */
    record Constant() implements Schedule {
        @Override
        public double factor(long step, long warmUp, RunLength length) {
            return 1;
        }
    }

    /**
     * Multiplied by {@code factor} at each milestone ({@code MultiStepLR}).
     *
     * @param milestones in epochs from the start of the run, rising; fractions are places within an epoch
     * @param factor of each drop: 0.1 in the papers
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
     * Half a cosine from the end of the warm-up to the end of the run ({@code CosineAnnealingLR}; Loshchilov and
     * Hutter, 2017).
     *
     * @param floor the share it falls to; 0 is usual
     */
    record Cosine(double floor) implements Schedule {
        public Cosine {
            Check.share("the floor of a cosine schedule", floor);
        }

        /** Down to nothing. */
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
     * Up to the base learning rate, then down to almost nothing ({@code OneCycleLR} with cosines; Smith and Topin,
     * 2018). It has a warm-up of its own and takes no other.
     *
     * @param warmShare the share of the run that goes up: 0.3 in PyTorch
     * @param startDivisor the base divided by this is where it starts: 25 in PyTorch
     * @param endDivisor the start divided by this is where it ends: 1e4 in PyTorch
     */
    record OneCycle(double warmShare, double startDivisor, double endDivisor) implements Schedule {
        public OneCycle {
            Check.share("the rising share of a one-cycle schedule", warmShare);
            Check.positive("the start divisor of a one-cycle schedule", startDivisor);
            Check.positive("the end divisor of a one-cycle schedule", endDivisor);
        }

        /** PyTorch's defaults. */
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
