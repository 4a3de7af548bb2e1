package org.resnet4j.training;

import java.io.Serializable;
import org.resnet4j.evaluation.Tally;

/**
 * The metrics of a network on a whole validation set.
 *
 * @param loss mean loss of an image, in nats
 * @param top1 top-1 accuracy, from 0 to 1
 * @param top5 top-5 accuracy, from 0 to 1
 * @param samples images in the set
 * @since 0.1.0
 */
public record ValidationMetrics(double loss, double top1, double top5, long samples) implements Serializable {
    public static ValidationMetrics of(Tally tally) {
        return new ValidationMetrics(tally.loss(), tally.top1Share(), tally.top5Share(), tally.samples());
    }

    /** Returns true if top-1 accuracy is higher, or equal with a smaller loss. */
    public boolean isBetterThan(ValidationMetrics other) {
        return top1 > other.top1 || (top1 == other.top1 && loss < other.loss);
    }
}
