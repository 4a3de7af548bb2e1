package org.resnet4j.training.session;

import java.util.Arrays;

/** The sums of counts and losses of a node. */
final class Totals {
    private static final int SHARDS = 0;
    private static final int SAMPLES = 1;
    private static final int LOSS = 2;
    private static final int TOP1 = 3;
    private static final int TOP5 = 4;

    /** The number of totals. */
    static final int COUNT = 5;

    private Totals() {}

    /** Returns the totals of one shard; zeros if it was not computed. */
    static double[] of(BatchMetrics metrics) {
        var totals = new double[COUNT];
        totals[SHARDS] = metrics.samples() > 0 ? 1 : 0;
        totals[SAMPLES] = metrics.samples();
        totals[LOSS] = metrics.samples() > 0 ? metrics.lossSum() : 0;
        totals[TOP1] = metrics.top1();
        totals[TOP5] = metrics.top5();
        return totals;
    }

    static double[] sum(double[] left, double[] right) {
        var sum = new double[COUNT];
        Arrays.setAll(sum, i -> left[i] + right[i]);
        return sum;
    }

    /** Returns the number of shards that were computed. */
    static int shards(double[] totals) {
        return (int) totals[SHARDS];
    }

    static BatchMetrics metrics(double[] totals) {
        return new BatchMetrics((int) totals[SAMPLES], totals[LOSS], (int) totals[TOP1], (int) totals[TOP5]);
    }
}
