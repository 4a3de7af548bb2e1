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
     * Reads a request and checks what that allocated. If it is too much, the request is read again, because classes are
     * loaded when they are first used; a fuzzer rewrites them, which takes more than the limit.
     *
     * @param length the number of its bytes
     */
    public static void check(int length, Reading reading) throws Exception {
        long most = CLASSES + BYTES_PER_BYTE * length;
        long allocated = allocated(reading);
        if (allocated > most) {
            allocated = allocated(reading);
        }
        assertTrue(allocated <= most, length + " bytes took " + allocated + " bytes to read");
    }

    private static long allocated(Reading reading) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        reading.read();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
