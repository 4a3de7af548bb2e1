package org.resnet4j.benchmarks;

import java.util.Arrays;

/**
 * What one peer did on one workload with one number of threads.
 *
 * @param milliseconds of a call, one figure a round
 * @param peakGigaflops what the machine gave just before, on as many threads
 * @param evidence that the work was done
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
     * Memory that a call takes.
     *
     * @param allocated bytes on the Java heap, a call
     * @param buffers bytes kept between calls, or 0
     */
    record Memory(long allocated, long buffers) {}

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

    /** How many times faster this is than another: the median over the rounds, each compared with its own neighbor. */
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
