package org.resnet4j.kernel.machine;

import java.lang.foreign.MemorySegment;

/** The checks that instructions do not make: code that reads or writes beyond an array destroys the process. */
final class Bounds {
    private Bounds() {}

    /** Returns an array from an index. */
    static MemorySegment from(float[] array, int index) {
        return MemorySegment.ofArray(array).asSlice((long) Float.BYTES * index);
    }

    /** Returns an array from an index. */
    static MemorySegment from(int[] array, int index) {
        return MemorySegment.ofArray(array).asSlice((long) Integer.BYTES * index);
    }

    /** Checks that {@code length} floats from each start lie in an array. */
    static void check(String what, float[] array, int[] starts, int first, int count, long offset, long length) {
        int least = Integer.MAX_VALUE;
        int most = Integer.MIN_VALUE;
        for (int i = first; i < first + count; i++) {
            least = Math.min(least, starts[i]);
            most = Math.max(most, starts[i]);
        }
        if (count > 0) {
            checkRange(what, array, least + offset, (long) most - least + length);
        }
    }

    static void checkRange(String what, float[] array, long from, long length) {
        if (from < 0 || from + length > array.length) {
            throw new IndexOutOfBoundsException(
                    what + ": " + length + " floats from " + from + " of an array of " + array.length);
        }
    }
}
