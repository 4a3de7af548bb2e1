package org.resnet4j.benchmarks;

/** A network with its one batch, ready to be timed. */
public interface Session extends AutoCloseable {
    /**
     * What some calls took.
     *
     * @param nanoseconds of all calls together
     * @param allocatedBytes on the Java heap, by all threads
     */
    record Timing(long nanoseconds, long allocatedBytes) {
        /** Milliseconds of all calls together. */
        public double milliseconds() {
            return nanoseconds / 1e6;
        }
    }

    /** Does the measured work once. */
    void call();

    /** Does the measured work so many times. */
    default Timing time(int calls) {
        long allocated = AllocationMeter.allocatedBytes();
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            call();
        }
        long nanoseconds = System.nanoTime() - start;
        return new Timing(nanoseconds, AllocationMeter.allocatedBytes() - allocated);
    }

    /** Bytes of buffers on the Java heap that it keeps between calls, as far as it knows; 0 for native engines. */
    default long bufferBytes() {
        return 0;
    }

    /** Frees the network and its threads. */
    @Override
    void close();
}
