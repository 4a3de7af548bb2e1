package org.resnet4j.benchmarks;

import java.util.Arrays;

/**
 * What one peer did on one workload with one number of threads.
 *
 * @param milliseconds of a call, one figure a round
 * @param allocatedBytes on the Java heap, a call
 * @param bufferBytes kept between calls, or 0
 * @param peakGigaflops what the machine gave just before, on as many threads
 * @param evidence that the work was done
 */
record Measurement(
        Task task,
        Workload workload,
        int threads,
        String peer,
        double[] milliseconds,
        long allocatedBytes,
        long bufferBytes,
        double peakGigaflops,
        Evidence evidence) {
    Measurement {
        milliseconds = milliseconds.clone();
    }

    @Override
    public double[] milliseconds() {
        return milliseconds.clone();
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
