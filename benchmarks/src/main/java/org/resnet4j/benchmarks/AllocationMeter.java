package org.resnet4j.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * A counter of bytes allocated on the Java heap by all threads, including ended ones. Memory of native peers is not
 * included.
 */
final class AllocationMeter {
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private AllocationMeter() {}

    /** Returns the bytes allocated since the start of the process. */
    static long allocatedBytes() {
        return THREADS.getTotalThreadAllocatedBytes();
    }
}
