package org.resnet4j.cli.predict;

/**
 * What a network says of one image.
 *
 * @param logits one a class, all finite; not copied
 */
public record Scores(float[] logits) {
    public Scores {
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new IllegalArgumentException("a score is " + logit);
            }
        }
    }

    /** The class with the largest, the first of equal ones. */
    public int best() {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    /** The probability of a class. */
    public double probability(int label) {
        return Math.exp(-loss(label));
    }

    /** How many classes come before this one. */
    int rank(int label) {
        int rank = 0;
        for (int i = 0; i < logits.length; i++) {
            if (logits[i] > logits[label] || (logits[i] == logits[label] && i < label)) {
                rank++;
            }
        }
        return rank;
    }

    /** The cross-entropy in nats. */
    double loss(int label) {
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
