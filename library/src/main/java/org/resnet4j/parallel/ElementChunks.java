package org.resnet4j.parallel;

import java.util.Arrays;

/** Runs a loop over elements in chunks on the compute threads. The cut depends on the sizes alone. */
public final class ElementChunks {
    /** Five arrays of it stay in the second cache of a core, for those who go over a chunk more than once. */
    private static final int LENGTH = 16 * 1024;

    private ElementChunks() {}

    /** A part of a loop. */
    @FunctionalInterface
    public interface Range {
        public void run(int from, int to);
    }

    /** A part of a loop over many arrays; who runs a chunk runs all its parts, one after the other. */
    @FunctionalInterface
    public interface RangeOfArray {
        public void run(int chunk, int array, int from, int to);
    }

    public static void run(int size, Workers workers, Range range) {
        int count = Math.ceilDiv(size, LENGTH);
        workers.run(count, (chunk, scratch) -> range.run(chunk * LENGTH, (int) Math.min(size, (chunk + 1L) * LENGTH)));
    }

    /** How many chunks a job has over arrays of these sizes. */
    public static int count(int[] sizes) {
        long total = Arrays.stream(sizes).asLongStream().sum();
        return Math.toIntExact(Math.ceilDiv(total, LENGTH));
    }

    /** One job over arrays laid end to end: of a long one there are many chunks, of many short ones there is one. */
    public static void run(int[] sizes, Workers workers, RangeOfArray range) {
        long[] starts = new long[sizes.length];
        for (int i = 1; i < sizes.length; i++) {
            starts[i] = starts[i - 1] + sizes[i - 1];
        }
        workers.run(count(sizes), (chunk, scratch) -> {
            long from = (long) chunk * LENGTH;
            long to = from + LENGTH;
            int found = Arrays.binarySearch(starts, from);
            // Where no array starts here: the one before the place where it would be inserted.
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
