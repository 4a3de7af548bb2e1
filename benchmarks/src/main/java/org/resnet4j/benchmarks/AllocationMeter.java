package org.resnet4j.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Bytes allocated on the Java heap by all threads, ended ones included. Memory of native peers does not show here. */
final class AllocationMeter {
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private AllocationMeter() {}

    /** Bytes since the start of the process. */
    static long allocatedBytes() {
        return THREADS.getTotalThreadAllocatedBytes();
    }
}
