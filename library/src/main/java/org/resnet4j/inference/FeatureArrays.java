package org.resnet4j.inference;

import java.util.ArrayDeque;
import java.util.Deque;

/** Lends arrays for the features of calls that do not ask for them: as many as calls were ever at work at once. */
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
