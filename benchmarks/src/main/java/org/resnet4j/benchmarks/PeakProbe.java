package org.resnet4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** A measurement of the peak arithmetic throughput: sixteen independent chains of fused multiply-adds in registers. */
final class PeakProbe {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 16;
    private static final int ROUNDS = 7;
    private static final int WARM_UP = 40;
    private static final int ITERATIONS = 400_000;

    private PeakProbe() {}

    /**
     * Returns the best of several rounds, in GFLOP/s over all threads together. A multiply-add counts as two
     * operations.
     */
    static double gigaflops(int threads) {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            double best = 0;
            for (int round = 0; round < ROUNDS; round++) {
                List<Future<Double>> rates = new ArrayList<>();
                for (int thread = 0; thread < threads; thread++) {
                    rates.add(pool.submit(PeakProbe::rate));
                }
                double sum = 0;
                for (Future<Double> rate : rates) {
                    sum += rate.get();
                }
                best = Math.max(best, sum);
            }
            return best;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring the peak", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("measuring the peak failed", e);
        }
    }

    private static double rate() {
        for (int i = 0; i < WARM_UP; i++) {
            check(chains(ITERATIONS / 100));
        }
        long start = System.nanoTime();
        check(chains(ITERATIONS));
        long nanos = System.nanoTime() - start;
        return 2.0 * ITERATIONS * CHAINS * SPECIES.length() / nanos;
    }

    private static void check(float sum) {
        if (!Float.isFinite(sum)) {
            throw new IllegalStateException("the peak probe computed " + sum);
        }
    }

    /**
     * Computes the chains. The accumulators are local variables, since an array of vectors would be in memory. The
     * values tend to 1 and never overflow.
     */
    private static float chains(int iterations) {
        var a = FloatVector.broadcast(SPECIES, 0.5f);
        var b = FloatVector.broadcast(SPECIES, 0.5f);
        var s0 = FloatVector.zero(SPECIES);
        var s1 = s0;
        var s2 = s0;
        var s3 = s0;
        var s4 = s0;
        var s5 = s0;
        var s6 = s0;
        var s7 = s0;
        var s8 = s0;
        var s9 = s0;
        var s10 = s0;
        var s11 = s0;
        var s12 = s0;
        var s13 = s0;
        var s14 = s0;
        var s15 = s0;
        for (int i = 0; i < iterations; i++) {
            s0 = s0.fma(a, b);
            s1 = s1.fma(a, b);
            s2 = s2.fma(a, b);
            s3 = s3.fma(a, b);
            s4 = s4.fma(a, b);
            s5 = s5.fma(a, b);
            s6 = s6.fma(a, b);
            s7 = s7.fma(a, b);
            s8 = s8.fma(a, b);
            s9 = s9.fma(a, b);
            s10 = s10.fma(a, b);
            s11 = s11.fma(a, b);
            s12 = s12.fma(a, b);
            s13 = s13.fma(a, b);
            s14 = s14.fma(a, b);
            s15 = s15.fma(a, b);
        }
        var low = s0.add(s1).add(s2.add(s3)).add(s4.add(s5).add(s6.add(s7)));
        var high = s8.add(s9).add(s10.add(s11)).add(s12.add(s13).add(s14.add(s15)));
        return low.add(high).reduceLanes(VectorOperators.ADD);
    }
}
