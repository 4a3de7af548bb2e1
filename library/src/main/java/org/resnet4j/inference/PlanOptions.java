package org.resnet4j.inference;

import org.resnet4j.kernel.Kernels;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNetSpec;

/**
 * What a plan is compiled for. Any other batch and image size can be computed by it as well, maybe not in the fastest way.
 *
 * @param kernels the arithmetic
 * @param workers the threads that compute; they stay the caller's, who closes them after the last call
 * @param batch images in a usual call
 * @param height rows of a usual image
 * @param width columns of a usual image
 */
public record PlanOptions(Kernels kernels, Workers workers, int batch, int height, int width) {
    /** Checks the numbers. */
    public PlanOptions {
        if (batch < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "a plan needs positive extents, got batch " + batch + " and images of " + height + "x" + width);
        }
    }

    /** For single images of the network's own size. */
    public static PlanOptions of(ResNetSpec spec, Kernels kernels, Workers workers) {
        return new PlanOptions(kernels, workers, 1, spec.imageSize(), spec.imageSize());
    }

    /** The same for another usual batch. */
    public PlanOptions withBatch(int changed) {
        return new PlanOptions(kernels, workers, changed, height, width);
    }
}
