package org.resnet4j.training;

import org.resnet4j.evaluation.Tally;

/**
 * How a network did on one batch.
 *
 * @param samples images in the batch
 * @param lossSum the sum of their losses, in nats
 * @param top1 how many had their label as the best class
 * @param top5 how many had it among the five best; all, where there are no more than five classes
 */
public record BatchMetrics(int samples, double lossSum, int top1, int top5) {
    /** The mean loss. */
    public double loss() {
        return lossSum / samples;
    }

    /** Returns sums with those of this batch. */
    public Tally addTo(Tally sums) {
        return sums.plus(samples, lossSum, top1, top5);
    }
}
