package org.resnet4j.dataset;

import org.resnet4j.support.Ranges;

/**
 * Mixes each image of a batch with another one, and their targets in the same proportion. Where both ways are on, each
 * batch takes one of them by chance.
 *
 * @param mixupAlpha mixup (Zhang et al. 2018) blends with a weight from Beta(alpha, alpha); 0 turns it off
 * @param cutmixAlpha cutmix (Yun et al. 2019) pastes a rectangle whose area is from Beta(alpha, alpha); 0 turns it off
 * @param probability the part of the batches that is mixed, from 0 to 1
 */
public record BatchMixing(double mixupAlpha, double cutmixAlpha, double probability) {
    /** The largest alpha: beyond, nearly every image would be half another one. */
    public static final double MAX_ALPHA = 4;

    /** The smallest alpha above 0: below, a weight is 0 or 1, and drawing it takes without end. */
    public static final double MIN_ALPHA = 0.001;

    public BatchMixing {
        check("mixup", mixupAlpha);
        check("cutmix", cutmixAlpha);
        if (mixupAlpha == 0 && cutmixAlpha == 0) {
            throw new IllegalArgumentException("mixing needs an alpha above 0 for mixup or cutmix");
        }
        Ranges.checkProbability("mixing", probability);
    }

    /** Mixup of every batch. */
    public static BatchMixing mixup(double alpha) {
        return new BatchMixing(alpha, 0, 1);
    }

    /** Cutmix of every batch. */
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
