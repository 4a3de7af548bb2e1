package org.resnet4j.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * Limits of memory and time for reading the small file of a fuzz test. Memory is always checked; time only while fuzzing, as
 * no test of the build decides by a stopwatch.
 */
final class FuzzLimits {
    private static final long MAX_ALLOCATED_BYTES = 300_000_000;

    /** Additional memory for each pixel of a decoded picture; some formats code many pixels in a few bytes. */
    private static final long MAX_BYTES_PER_PIXEL = 12;

    private static final double MAX_SECONDS = 5;
    private static final boolean FUZZING = System.getenv("JAZZER_FUZZ") != null;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private FuzzLimits() {}

    /** Reads a file, by the thread that calls. */
    interface Reading {
        /** Reads it; documented exceptions are caught. */
        void read() throws IOException;
    }

    /** Reads a picture, by the thread that calls; gives its pixels, 0 where it was refused. */
    interface PictureReading {
        /** Reads it; documented exceptions are caught. */
        long read() throws IOException;
    }

    /** Reads a file and checks what that cost. */
    static void check(Reading reading) throws IOException {
        checkPicture(() -> {
            reading.read();
            return 0;
        });
    }

    /** Reads a picture and checks what that cost. The first reading of a kind loads classes, which counts for nothing. */
    static void checkPicture(PictureReading reading) throws IOException {
        if (!Cost.of(reading).isWithinLimits()) {
            Cost cost = Cost.of(reading);
            assertTrue(cost.isWithinLimits(), cost::toString);
        }
    }

    private record Cost(long pixels, long allocatedBytes, double seconds) {
        static Cost of(PictureReading reading) throws IOException {
            long start = THREADS.getCurrentThreadCpuTime();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long pixels = reading.read();
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            return new Cost(pixels, allocated, (THREADS.getCurrentThreadCpuTime() - start) / 1e9);
        }

        boolean isWithinLimits() {
            return allocatedBytes <= MAX_ALLOCATED_BYTES + MAX_BYTES_PER_PIXEL * pixels
                    && (!FUZZING || seconds <= MAX_SECONDS);
        }
    }
}
