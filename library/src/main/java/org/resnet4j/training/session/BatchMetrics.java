package org.resnet4j.training.session;

import java.io.Serializable;
import org.resnet4j.evaluation.Tally;

/**
 * The metrics of a network on one batch.
 *
 * @param samples images in the batch
 * @param lossSum sum of their losses, in nats
 * @param top1 images whose label is the best class
 * @param top5 images whose label is among the five best classes; all images if there are at most five classes
 */
public record BatchMetrics(int samples, double lossSum, int top1, int top5) implements Serializable {
    /** The metrics of no images. */
    public static final BatchMetrics NONE = new BatchMetrics(0, 0, 0, 0);

    /** Returns the mean loss. */
    public double loss() {
        return lossSum / samples;
    }

    /** Returns the metrics of both batches together. */
    BatchMetrics plus(BatchMetrics other) {
        return new BatchMetrics(samples + other.samples, lossSum + other.lossSum, top1 + other.top1, top5 + other.top5);
    }

    /** Returns the sums with this batch added. */
    public Tally addTo(Tally sums) {
        return sums.plus(samples, lossSum, top1, top5);
    }
}
