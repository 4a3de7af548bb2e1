package org.resnet4j.parallel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reusable arrays owned by one compute thread, so that kernels allocate nothing after their first call.
 *
 * <p>A kernel declares a {@link Floats} or {@link Ints} as a static constant for each array that it holds at the same
 * time. The same constant always returns the same array, with its previous contents; no other class can access it.
 */
public final class Scratch {
    /** The name of an array of floats. */
    public static final class Floats {
        private static final AtomicInteger NEXT = new AtomicInteger();

        private final int index = NEXT.getAndIncrement();
    }

    /** The name of an array of ints. */
    public static final class Ints {
        private static final AtomicInteger NEXT = new AtomicInteger();

        private final int index = NEXT.getAndIncrement();
    }

    private float[][] floats = {};
    private int[][] ints = {};

    /** Returns an array of at least {@code length} floats, not cleared. */
    public float[] get(Floats name, int length) {
        if (name.index >= floats.length) {
            floats = Arrays.copyOf(floats, name.index + 1);
        }
        float[] array = floats[name.index];
        if (array == null || array.length < length) {
            array = new float[length];
            floats[name.index] = array;
        }
        return array;
    }

    /** Returns an array of at least {@code length} ints, not cleared. */
    public int[] get(Ints name, int length) {
        if (name.index >= ints.length) {
            ints = Arrays.copyOf(ints, name.index + 1);
        }
        int[] array = ints[name.index];
        if (array == null || array.length < length) {
            array = new int[length];
            ints[name.index] = array;
        }
        return array;
    }
}
