package org.resnet4j.kernel.product;

import org.resnet4j.parallel.Scratch;

/**
 * A sequential read of a range of memory before register tiles read it in another order, so that the processor's
 * prefetcher recognizes the pattern. Worthwhile if the range is not in a near cache, fits the second-level cache, and
 * is not used so often that the latency is negligible.
 */
public final class ReadAhead {
    /** The maximum range: 128 KB. */
    private static final int MOST_FLOATS = 32 * 1024;

    /** Rows that are read at once. */
    private static final int ROWS = 64;

    /** Shorter rows follow each other so soon that nothing waits for them. */
    private static final int SHORTEST_ROW = 256;

    /** Floats of a cache line on most processors. */
    private static final int LINE = 16;

    /** Receives a sum, so that the compiler does not eliminate the reads. */
    private static final Scratch.Floats UNUSED = new Scratch.Floats();

    private ReadAhead() {}

    /** Reads from index {@code from} to {@code to - 1}, unless the range is too long. */
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

    /** Reads the rows of a product if they are long enough. */
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
