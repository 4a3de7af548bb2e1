package org.resnet4j.parallel;

import java.util.Arrays;

/** A loop over elements in chunks on the compute threads. The chunks depend only on the sizes. */
public final class ElementChunks {
    /** Five arrays of this length fit the second-level cache of a core, for loops that visit a chunk more than once. */
    private static final int LENGTH = 16 * 1024;

    private ElementChunks() {}

    /** One range of a loop over elements. */
    @FunctionalInterface
    public interface Range {
        public void run(int from, int to);
    }

    /** One range of a loop over many arrays. A thread runs all ranges of a chunk, one after another. */
    @FunctionalInterface
    public interface RangeOfArray {
        public void run(int chunk, int array, int from, int to);
    }

    public static void run(int size, Workers workers, Range range) {
        int count = Math.ceilDiv(size, LENGTH);
        workers.run(count, (chunk, scratch) -> range.run(chunk * LENGTH, (int) Math.min(size, (chunk + 1L) * LENGTH)));
    }

    /** Returns the number of chunks of a job over arrays of these sizes. */
    public static int count(int[] sizes) {
        long total = Arrays.stream(sizes).asLongStream().sum();
        return Math.toIntExact(Math.ceilDiv(total, LENGTH));
    }

    /** Runs one job over arrays laid end to end: a long array has many chunks, many short arrays share one. */
    public static void run(int[] sizes, Workers workers, RangeOfArray range) {
        long[] starts = new long[sizes.length];
        for (int i = 1; i < sizes.length; i++) {
            starts[i] = starts[i - 1] + sizes[i - 1];
        }
        workers.run(count(sizes), (chunk, scratch) -> {
            long from = (long) chunk * LENGTH;
            long to = from + LENGTH;
            int found = Arrays.binarySearch(starts, from);
            // If no array starts here, take the one before the insertion point.
            int array = found >= 0 ? found : -found - 2;
            for (; array < sizes.length && starts[array] < to; array++) {
                int size = sizes[array];
                range.run(
                        chunk,
                        array,
                        Math.clamp(from - starts[array], 0, size),
                        Math.clamp(to - starts[array], 0, size));
            }
        });
    }
}
