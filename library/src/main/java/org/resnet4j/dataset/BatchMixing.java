package org.resnet4j.dataset;

import java.io.Serializable;
import org.resnet4j.support.Ranges;

/**
 * The mixing of each image of a batch with another one, and of their targets in the same proportion. If both methods
 * are enabled, each batch uses one of them at random.
 *
 * @param mixupAlpha mixup (Zhang et al. 2018) blends with a weight from Beta(alpha, alpha); 0 disables it
 * @param cutmixAlpha cutmix (Yun et al. 2019) pastes a rectangle whose area is from Beta(alpha, alpha); 0 disables it
 * @param probability the fraction of batches that are mixed, from 0 to 1
 * @since 0.1.0
 */
public record BatchMixing(double mixupAlpha, double cutmixAlpha, double probability) implements Serializable {
    /** The maximum alpha; above it, nearly every image would be half of another one. */
    public static final double MAX_ALPHA = 4;

    /** The minimum alpha above 0; below it, weights are 0 or 1, and rejection sampling does not terminate. */
    public static final double MIN_ALPHA = 0.001;

    public BatchMixing {
        check("mixup", mixupAlpha);
        check("cutmix", cutmixAlpha);
        if (mixupAlpha == 0 && cutmixAlpha == 0) {
            throw new IllegalArgumentException("mixing needs an alpha above 0 for mixup or cutmix");
        }
        Ranges.checkProbability("mixing", probability);
    }

    /** Returns mixup of every batch. */
    public static BatchMixing mixup(double alpha) {
        return new BatchMixing(alpha, 0, 1);
    }

    /** Returns cutmix of every batch. */
    public static BatchMixing cutmix(double alpha) {
        return new BatchMixing(0, alpha, 1);
    }

    private static void check(String what, double alpha) {
        if (!(alpha == 0 || alpha >= MIN_ALPHA && alpha <= MAX_ALPHA)) {
            throw new IllegalArgumentException(
                    what + " alpha must be 0 or from " + MIN_ALPHA + " to " + MAX_ALPHA + ", got " + alpha);
        }
    }
}
