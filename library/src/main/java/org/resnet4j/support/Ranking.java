package org.resnet4j.support;

import java.util.Arrays;

/** The order of classes by descending score; equal scores are ordered by index. */
public final class Ranking {
    /** The largest count for which insertion into the highest scores so far is faster than a sort. */
    private static final int FEW = 64;

    private Ranking() {}

    /** Returns the indices of finite scores in this order. */
    public static int[] order(float[] scores) {
        return indices(sorted(scores), scores.length);
    }

    /**
     * Returns the indices of the highest of finite scores, in their order.
     *
     * @param count of them, at least 1; all where there are fewer
     * @throws IllegalArgumentException if the count is below 1
     */
    public static int[] top(float[] scores, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("the number of classes to name must be at least 1, got " + count);
        }
        // Sorting primitive keys is ten times faster than a comparator for a thousand classes on a cold JVM.
        long[] keys = count <= FEW && count < scores.length ? selected(scores, count) : sorted(scores);
        return indices(keys, Math.min(count, scores.length));
    }

    private static int[] indices(long[] keys, int count) {
        var indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = (int) keys[i];
        }
        return indices;
    }

    private static long[] sorted(float[] scores) {
        var keys = new long[scores.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = key(scores[i], i);
        }
        Arrays.sort(keys);
        return keys;
    }

    private static long[] selected(float[] scores, int count) {
        var keys = new long[count];
        Arrays.fill(keys, Long.MAX_VALUE);
        for (int i = 0; i < scores.length; i++) {
            long key = key(scores[i], i);
            if (key < keys[count - 1]) {
                int place = count - 1;
                while (place > 0 && keys[place - 1] > key) {
                    keys[place] = keys[place - 1];
                    place--;
                }
                keys[place] = key;
            }
        }
        return keys;
    }

    /** Returns a number that is lower for higher scores, and of equal ones for the lower index. */
    private static long key(float score, int index) {
        return (long) -height(score) << Integer.SIZE | index;
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
