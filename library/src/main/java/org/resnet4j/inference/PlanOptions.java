package org.resnet4j.inference;

import org.resnet4j.compute.Compute;
import org.resnet4j.resnet.ResNetSpec;

/**
 * What a plan is compiled for. Any other batch and image size can be computed by it as well, maybe not in the fastest way.
 *
 * @param compute stays the caller's to close, after the last call
 * @param batch images in a usual call
 * @param height rows of a usual image
 * @param width columns of a usual image
 * @param goal what should be fast
 */
public record PlanOptions(Compute compute, int batch, int height, int width, Goal goal) {
    /** What should be fast. */
    public enum Goal {
        /** Every call once the program runs: the fastest algorithm for each layer. */
        MANY_CALLS,
        /**
         * The first call of a program that makes few: every convolution by its definition, because its weights are packed
         * soonest and the Java compiler has one hot method to compile, not ten.
         */
        FIRST_CALL
    }

    /** Checks the numbers. */
    public PlanOptions {
        if (batch < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "a plan needs positive extents, got batch " + batch + " and images of " + height + "x" + width);
        }
    }

    /** For many calls. */
    public PlanOptions(Compute compute, int batch, int height, int width) {
        this(compute, batch, height, width, Goal.MANY_CALLS);
    }

    /** For many calls with single images of the network's own size. */
    public static PlanOptions of(ResNetSpec spec, Compute compute) {
        return new PlanOptions(compute, 1, spec.imageSize(), spec.imageSize());
    }

    /** The same for another usual batch. */
    public PlanOptions withBatch(int changed) {
        return new PlanOptions(compute, changed, height, width, goal);
    }

    /** The same for another goal. */
    public PlanOptions withGoal(Goal changed) {
        return new PlanOptions(compute, batch, height, width, changed);
    }
}
