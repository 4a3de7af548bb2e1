package org.resnet4j.cli;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What a network says of one image.
 *
 * @param logits one a class; not copied
 */
record Scores(float[] logits) {
    /** The softmax: shares that sum to 1. */
    double[] probabilities() {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        double[] shares = new double[logits.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Math.exp(logits[i] - largest);
            sum += shares[i];
        }
        for (int i = 0; i < shares.length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    /** The classes with the highest scores, the highest first; of equal ones the lower index comes first. */
    int[] best(int count) {
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -logits[i]).thenComparing(i -> i))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
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
