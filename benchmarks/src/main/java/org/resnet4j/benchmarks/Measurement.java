package org.resnet4j.benchmarks;

import java.util.Arrays;

/**
 * The measurement of one peer on one workload with one number of threads.
 *
 * @param task the task
 * @param workload the network and batch
 * @param threads the number of threads
 * @param peer the name of the peer
 * @param milliseconds the time of a call, for each round
 * @param memory the memory of a call
 * @param peakGigaflops the peak of the machine just before, on as many threads
 * @param evidence the evidence that the work was done
 */
record Measurement(
        Task task,
        Workload workload,
        int threads,
        String peer,
        double[] milliseconds,
        Memory memory,
        double peakGigaflops,
        Evidence evidence) {
    /**
     * The memory of a call.
     *
     * @param allocated the bytes allocated on the Java heap per call
     * @param buffers the bytes kept between calls, or 0
     * @param resident the peak resident memory of the peer's process in bytes, or 0
     */
    record Memory(long allocated, long buffers, long resident) {}

    Measurement {
        milliseconds = milliseconds.clone();
    }

    @Override
    public double[] milliseconds() {
        return milliseconds.clone();
    }

    long allocatedBytes() {
        return memory.allocated();
    }

    long bufferBytes() {
        return memory.buffers();
    }

    long residentBytes() {
        return memory.resident();
    }

    double medianMilliseconds() {
        return median(milliseconds);
    }

    double leastMilliseconds() {
        return Arrays.stream(milliseconds).min().orElseThrow();
    }

    double gigaflops() {
        return task.flops(workload) / medianMilliseconds() / 1e6;
    }

    double shareOfPeak() {
        return gigaflops() / peakGigaflops;
    }

    double imagesPerSecond() {
        return 1e3 * workload.batch() / medianMilliseconds();
    }

    /** Returns the speed relative to another peer: the median of the ratios of each round. */
    double speedOver(Measurement other) {
        double[] ratios = new double[milliseconds.length];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = other.milliseconds[round] / milliseconds[round];
        }
        return median(ratios);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
