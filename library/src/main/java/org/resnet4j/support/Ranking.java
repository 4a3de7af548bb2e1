package org.resnet4j.support;

import java.util.Arrays;

/** The order of classes by their scores: the highest first, of equal ones the lower index. */
public final class Ranking {
    private Ranking() {}

    /** Returns the indices of finite scores in their order. */
    public static int[] order(float[] scores) {
        // Sorts numbers: with a comparator, a thousand classes take a cold JVM ten times longer.
        var keys = new long[scores.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (long) -height(scores[i]) << Integer.SIZE | i;
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

    /** Returns the number of classes that come before one. */
    public static int rank(float[] scores, int label) {
        return rank(scores, 0, scores.length, label);
    }

    /**
     * Returns the number of classes that come before one, where the scores of several images are in one array.
     *
     * @param start of the image's scores
     * @param classes number of its scores
     */
    public static int rank(float[] scores, int start, int classes, int label) {
        float own = scores[start + label];
        int rank = 0;
        for (int i = 0; i < classes; i++) {
            float other = scores[start + i];
            if (other > own || (other == own && i < label)) {
                rank++;
            }
        }
        return rank;
    }
}
