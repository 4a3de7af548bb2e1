package org.resnet4j.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * What reading the small file of a fuzz test may cost. Memory is checked whenever the tests run; time is when they fuzz, as
 * no test of the build decides by a stopwatch.
 */
final class FuzzLimits {
    private static final long MAX_ALLOCATED_BYTES = 300_000_000;
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final boolean FUZZING = System.getenv("JAZZER_FUZZ") != null;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private FuzzLimits() {}

    /** Reads a file, by the thread that calls. */
    interface Reading {
        /** Reads it; documented exceptions are caught. */
        void read() throws IOException;
    }

    /** Reads a file and checks what that cost. */
    static void check(Reading reading) throws IOException {
        long start = System.nanoTime();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        reading.read();
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        long nanos = System.nanoTime() - start;
        assertTrue(allocated <= MAX_ALLOCATED_BYTES, () -> allocated + " bytes were allocated");
        assertTrue(!FUZZING || nanos <= MAX_NANOS, () -> nanos / 1e9 + " seconds");
    }
}
