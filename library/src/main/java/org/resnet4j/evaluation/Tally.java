package org.resnet4j.evaluation;

import java.io.Serializable;

/**
 * Sums over labeled images, added in order.
 *
 * @param samples images so far
 * @param lossSum sum of their losses, in nats
 * @param top1 images whose label is the best class
 * @param top5 images whose label is among the five best classes
 * @since 0.1.0
 */
public record Tally(long samples, double lossSum, long top1, long top5) implements Serializable {
    /** The sums over no images. */
    public static final Tally EMPTY = new Tally(0, 0, 0, 0);

    private static final int FIVE = 5;

    /** Returns the sums with more images added. */
    public Tally plus(long moreSamples, double moreLoss, long moreTop1, long moreTop5) {
        return new Tally(samples + moreSamples, lossSum + moreLoss, top1 + moreTop1, top5 + moreTop5);
    }

    /** Returns the sums with one more image added. */
    public Tally plus(Scores scores, int label) {
        int rank = scores.rank(label);
        return plus(1, scores.loss(label), rank == 0 ? 1 : 0, rank < FIVE ? 1 : 0);
    }

    /** Returns the mean loss; 0 without images. */
    public double loss() {
        return samples == 0 ? 0 : lossSum / samples;
    }

    /** Returns the top-1 accuracy, from 0 to 1; 0 without images. */
    public double top1Share() {
        return samples == 0 ? 0 : (double) top1 / samples;
    }

    /** Returns the top-5 accuracy, from 0 to 1; 0 without images. */
    public double top5Share() {
        return samples == 0 ? 0 : (double) top5 / samples;
    }
}
