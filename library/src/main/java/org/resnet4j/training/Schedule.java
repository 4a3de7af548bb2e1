package org.resnet4j.training;

import java.util.List;
import org.resnet4j.support.Check;

/**
 * The course of the learning rate over a run: a pure function of the step, so that a run can resume at any step. The
 * curves are those of PyTorch's schedulers when they are stepped after every weight update.
 */
public sealed interface Schedule {
    /**
     * Returns the factor of the base learning rate for a step.
     *
     * @param step counted from 0, below {@code length.steps()}
     * @param warmUp number of warm-up steps at the start; {@code step} is not among them
     */
    double factor(long step, long warmUp, RunLength length);

    /** The base learning rate throughout. */
    record Constant() implements Schedule {
        @Override
        public double factor(long step, long warmUp, RunLength length) {
            return 1;
        }
    }

    /**
     * Multiplication by {@code factor} at each milestone ({@code MultiStepLR}).
     *
     * @param milestones in epochs from the start of the run, increasing; fractions are points within an epoch
     * @param factor factor of each drop: 0.1 in the papers
     */
    record Steps(List<Double> milestones, double factor) implements Schedule {
        public Steps {
            milestones = List.copyOf(milestones);
            Check.positive("the factor of a step schedule", factor);
            double last = 0;
            for (double milestone : milestones) {
                if (!(milestone > last)) {
                    throw new IllegalArgumentException("milestones must increase from above 0, got " + milestones);
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
     * @param floor final factor; 0 is usual
     */
    record Cosine(double floor) implements Schedule {
        public Cosine {
            Check.share("the floor of a cosine schedule", floor);
        }

        /** Creates a schedule that ends at 0. */
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
     * Rise to the base learning rate, then fall to almost 0 ({@code OneCycleLR} with cosines; Smith and Topin, 2018).
     * It has its own warm-up and accepts no other.
     *
     * @param warmShare rising share of the run: 0.3 in PyTorch
     * @param startDivisor ratio of the base to the start: 25 in PyTorch
     * @param endDivisor ratio of the start to the end: 1e4 in PyTorch
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
