package org.resnet4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A measurement of the copy bandwidth of the machine: arrays that fit into no cache. */
final class CopyProbe {
    private static final int FLOATS = 1 << 24;
    private static final int ROUNDS = 9;

    private CopyProbe() {}

    /**
     * Returns the best of several rounds in GB/s, over all threads together. Bytes that are read and bytes that are
     * written both count.
     */
    static double gigabytes(int threads) {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            List<Callable<Double>> copies = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                float[] from = new float[FLOATS];
                float[] to = new float[FLOATS];
                copies.add(() -> rate(from, to));
            }
            double best = 0;
            for (int round = 0; round < ROUNDS; round++) {
                double sum = 0;
                for (Future<Double> rate : pool.invokeAll(copies)) {
                    sum += rate.get();
                }
                best = Math.max(best, sum);
            }
            return best;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring the copy bandwidth", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("measuring the copy bandwidth failed", e);
        }
    }

    private static double rate(float[] from, float[] to) {
        long start = System.nanoTime();
        System.arraycopy(from, 0, to, 0, from.length);
        return 2.0 * Float.BYTES * from.length / (System.nanoTime() - start);
    }
}
