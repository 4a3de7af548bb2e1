package org.resnet4j.evaluation;

import org.resnet4j.support.Ranking;

/**
 * The scores of a network for one image.
 *
 * @param logits one per class, all finite; not copied
 * @since 0.1.0
 */
public record Scores(float[] logits) {
    public Scores {
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new IllegalArgumentException("a score is " + logit);
            }
        }
    }

    /** Returns the class with the highest score; ties go to the lower index. */
    public int best() {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    /** Returns the probability of a class. */
    public double probability(int label) {
        return Math.exp(-loss(label));
    }

    /** Returns the number of classes that rank above this one. */
    public int rank(int label) {
        return Ranking.rank(logits, label);
    }

    /** Returns the cross-entropy in nats. */
    public double loss(int label) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return Math.log(sum) + largest - logits[label];
    }
}
