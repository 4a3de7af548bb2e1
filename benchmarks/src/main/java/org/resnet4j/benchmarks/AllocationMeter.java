package org.resnet4j.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Bytes allocated on the Java heap by all threads, ended ones included. Memory of native peers does not show here. */
final class AllocationMeter {
    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    /** Bytes since the start of the process. */
    long allocatedBytes() {
        return threads.getTotalThreadAllocatedBytes();
    }
}
