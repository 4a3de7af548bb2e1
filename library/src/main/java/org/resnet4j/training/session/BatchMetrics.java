package org.resnet4j.training.session;

import org.resnet4j.evaluation.Tally;

/**
 * Metrics of a network on one batch.
 *
 * @param samples images in the batch
 * @param lossSum sum of their losses, in nats
 * @param top1 images whose label was the best class
 * @param top5 images whose label was among the five best classes; all images if there are no more than five classes
 */
public record BatchMetrics(int samples, double lossSum, int top1, int top5) {
    /** Returns the mean loss. */
    public double loss() {
        return lossSum / samples;
    }

    /** Returns the sums including this batch. */
    public Tally addTo(Tally sums) {
        return sums.plus(samples, lossSum, top1, top5);
    }
}
