package org.resnet4j.benchmarks;

/** A network with one batch, ready to be timed. */
public interface Session extends AutoCloseable {
    /**
     * The cost of several calls.
     *
     * @param nanoseconds the time of all calls together
     * @param allocatedBytes the bytes allocated on the Java heap by all threads
     */
    record Timing(long nanoseconds, long allocatedBytes) {
        /** Returns the milliseconds of all calls together. */
        public double milliseconds() {
            return nanoseconds / 1e6;
        }
    }

    /** Performs the measured work once. */
    void call();

    /** Performs the measured work the given number of times and measures it. */
    default Timing time(int calls) {
        long allocated = AllocationMeter.allocatedBytes();
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            call();
        }
        long nanoseconds = System.nanoTime() - start;
        return new Timing(nanoseconds, AllocationMeter.allocatedBytes() - allocated);
    }

    /** Returns the known bytes of buffers on the Java heap that are kept between calls; 0 for native engines. */
    default long bufferBytes() {
        return 0;
    }

    /** Returns the peak resident memory in bytes of a session in a process of its own; otherwise 0. */
    default long residentBytes() {
        return 0;
    }

    /** Frees the network and its threads. */
    @Override
    void close();
}
