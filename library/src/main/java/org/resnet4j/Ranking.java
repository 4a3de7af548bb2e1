package org.resnet4j;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Puts classes in the order of their scores. */
final class Ranking {
    private Ranking() {}

    /** All classes, the highest score first; of equal ones the lower index. The scores are finite. */
    static List<Classification> of(float[] logits, float[] probabilities, List<String> labels) {
        return IntStream.of(order(logits))
                .mapToObj(i -> new Classification(i, labels.get(i), probabilities[i]))
                .toList();
    }

    /** The indices of the scores. Sorts numbers: with a comparator, a thousand classes take a cold JVM ten times longer. */
    private static int[] order(float[] logits) {
        var keys = new long[logits.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (long) -height(logits[i]) << Integer.SIZE | i;
        }
        Arrays.sort(keys);
        var order = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }

    /** A number that grows with the score; both zeros have the same. */
    private static int height(float score) {
        int bits = Float.floatToIntBits(score);
        return bits >= 0 ? bits : Integer.MIN_VALUE - bits;
    }
}
