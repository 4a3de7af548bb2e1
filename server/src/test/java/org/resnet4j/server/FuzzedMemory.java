package org.resnet4j.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** A limit on the memory that a request of a fuzz test may take to read. */
public final class FuzzedMemory {
    private static final long CLASSES = 32L << 20;
    private static final long BYTES_PER_BYTE = 200;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private FuzzedMemory() {}

    /** Reads a request, by the thread that calls. */
    public interface Reading {
        /** Reads it; documented exceptions are caught. */
        void read() throws Exception;
    }

    /**
     * Reads a request and checks what that allocated.
     *
     * @param length the number of its bytes
     */
    public static void check(int length, Reading reading) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        reading.read();
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(
                allocated <= CLASSES + BYTES_PER_BYTE * length, length + " bytes took " + allocated + " bytes to read");
    }
}
