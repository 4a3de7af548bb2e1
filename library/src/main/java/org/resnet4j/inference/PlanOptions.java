package org.resnet4j.inference;

import org.resnet4j.compute.Compute;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.tensor.Tensor.Format;

/**
 * The options for compiling a plan. The plan accepts other batches and image sizes as well, but may not be as fast for
 * them.
 *
 * @param compute the kernels and threads; stays the caller's to close, after the last call
 * @param batch the number of images in a usual call
 * @param height the rows of a usual image
 * @param width the columns of a usual image
 * @param goal the calls to optimize for
 * @param format the number format of the values between layers, and of the weights. Sums are float32 in all of them.
 *     bfloat16 takes half the memory, and is faster on processors with AVX-512 BF16; scores change slightly.
 */
public record PlanOptions(Compute compute, int batch, int height, int width, Goal goal, Format format) {
    /** The calls to optimize for. */
    public enum Goal {
        /** All calls of a running program: the fastest algorithm for each layer. */
        MANY_CALLS,
        /**
         * The first call of a program that makes only a few. Every convolution is computed by its definition, because
         * its weights are packed soonest and the JIT compiler then has one hot method to compile instead of ten.
         */
        FIRST_CALL
    }

    /** Rejects extents that are not positive. */
    public PlanOptions {
        if (batch < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "a plan needs positive extents, got batch " + batch + " and images of " + height + "x" + width);
        }
    }

    /** Creates options for many calls in float32. */
    public PlanOptions(Compute compute, int batch, int height, int width) {
        this(compute, batch, height, width, Goal.MANY_CALLS, Format.FLOAT32);
    }

    /** Returns options for many calls in float32 with single images of the network's own size. */
    public static PlanOptions of(ResNetSpec spec, Compute compute) {
        return new PlanOptions(compute, 1, spec.imageSize(), spec.imageSize());
    }

    /** Returns these options with another usual batch. */
    public PlanOptions withBatch(int changed) {
        return new PlanOptions(compute, changed, height, width, goal, format);
    }

    /** Returns these options with another goal. */
    public PlanOptions withGoal(Goal changed) {
        return new PlanOptions(compute, batch, height, width, changed, format);
    }

    /** Returns these options with another number format. */
    public PlanOptions withFormat(Format changed) {
        return new PlanOptions(compute, batch, height, width, goal, changed);
    }
}
