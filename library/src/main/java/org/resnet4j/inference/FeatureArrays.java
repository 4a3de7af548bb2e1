package org.resnet4j.inference;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A pool of arrays for the features of calls that do not request them. It grows to the largest number of simultaneous
 * calls.
 */
final class FeatureArrays {
    private final Deque<float[]> idle = new ArrayDeque<>();

    /** Returns an array of at least this length. */
    float[] borrow(int length) {
        float[] lent;
        synchronized (idle) {
            lent = idle.poll();
        }
        return lent != null && lent.length >= length ? lent : new float[length];
    }

    void giveBack(float[] lent) {
        synchronized (idle) {
            idle.push(lent);
        }
    }
}
