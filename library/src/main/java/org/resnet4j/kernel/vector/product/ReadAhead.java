package org.resnet4j.kernel.vector.product;

import org.resnet4j.parallel.Scratch;

/**
 * Reads a stretch of memory from front to back before register tiles do, which read it here and there: the processor sees
 * where a straight walk is going, and fetches what comes next. Worth it where the stretch is in no near cache, stays in
 * the second-level cache, and is not used so often that waiting for it does not matter.
 */
public final class ReadAhead {
    /** A stretch of 128 KB. */
    private static final int MOST_FLOATS = 32 * 1024;

    /** Rows that are read at once. */
    private static final int ROWS = 64;

    /** Shorter rows are used so soon one after the other that nothing waits for them. */
    private static final int SHORTEST_ROW = 256;

    /** Floats of a line of the cache on most processors. */
    private static final int LINE = 16;

    /** A sum that keeps the compiler from leaving the reading out. */
    private static final Scratch.Floats UNUSED = new Scratch.Floats();

    private ReadAhead() {}

    /** Reads from index {@code from} to {@code to - 1}, unless that is too much. */
    public static void read(float[] array, int from, int to, Scratch scratch) {
        if (to - from > MOST_FLOATS) {
            return;
        }
        float even = 0;
        float odd = 0;
        int i = from;
        for (; i + LINE < to; i += 2 * LINE) {
            even += array[i];
            odd += array[i + LINE];
        }
        scratch.get(UNUSED, 1)[0] = even + odd;
    }

    /** Reads the rows of a product, if they are long enough for that to pay. */
    public static void rows(float[] array, int[] rows, int count, int length, Scratch scratch) {
        if (length < SHORTEST_ROW) {
            return;
        }
        for (int from = 0; from < count; from += ROWS) {
            int last = Math.min(count, from + ROWS) - 1;
            read(array, rows[from], rows[last] + length, scratch);
        }
    }
}
