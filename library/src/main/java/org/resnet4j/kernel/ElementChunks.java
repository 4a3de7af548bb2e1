package org.resnet4j.kernel;

import org.resnet4j.parallel.Workers;

/** Runs a loop over elements in chunks on the compute threads. */
final class ElementChunks {
    private static final int LENGTH = 16 * 1024;

    private ElementChunks() {}

    /** A part of a loop. */
    @FunctionalInterface
    interface Range {
        void run(int from, int to);
    }

    static void run(int size, Workers workers, Range range) {
        int count = Math.ceilDiv(size, LENGTH);
        workers.run(count, (chunk, scratch) -> range.run(chunk * LENGTH, (int) Math.min(size, (chunk + 1L) * LENGTH)));
    }
}
