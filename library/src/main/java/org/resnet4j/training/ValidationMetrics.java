package org.resnet4j.training;

import org.resnet4j.evaluation.Tally;

/**
 * Metrics of a network on a whole validation set.
 *
 * @param loss mean loss of an image, in nats
 * @param top1 share of images whose label was the best class, from 0 to 1
 * @param top5 share of images whose label was among the five best classes
 * @param samples images in the set
 */
public record ValidationMetrics(double loss, double top1, double top5, long samples) {
    public static ValidationMetrics of(Tally tally) {
        return new ValidationMetrics(tally.loss(), tally.top1Share(), tally.top5Share(), tally.samples());
    }

    /** Returns true if more images were right, or the same number with a smaller loss. */
    public boolean isBetterThan(ValidationMetrics other) {
        return top1 > other.top1 || (top1 == other.top1 && loss < other.loss);
    }
}
