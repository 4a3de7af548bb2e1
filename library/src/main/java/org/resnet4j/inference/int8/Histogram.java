package org.resnet4j.inference.int8;

import java.util.Arrays;

/** A histogram of numbers whose range is not known in advance: it doubles its range where necessary. */
final class Histogram {
    private static final int HALF = 2048;

    /** The counts of bins from {@code -range} to {@code range}. */
    private final long[] counts = new long[2 * HALF];

    private double range;
    private float low = Float.POSITIVE_INFINITY;
    private float high = Float.NEGATIVE_INFINITY;

    /** Adds the first {@code count} numbers of an array. */
    void add(float[] numbers, int count) {
        float most = 0;
        for (int i = 0; i < count; i++) {
            low = Math.min(low, numbers[i]);
            high = Math.max(high, numbers[i]);
            most = Math.max(most, Math.abs(numbers[i]));
        }
        extend(most);
        if (range == 0) {
            counts[HALF] += count;
            return;
        }
        float bins = (float) (HALF / range);
        for (int i = 0; i < count; i++) {
            counts[Math.clamp((int) Math.floor(numbers[i] * bins) + HALF, 0, 2 * HALF - 1)]++;
        }
    }

    private void extend(float most) {
        if (range == 0 && most > 0) {
            range = most;
        }
        while (most > range) {
            for (int i = 0; i < HALF / 2; i++) {
                counts[HALF + i] = counts[HALF + 2 * i] + counts[HALF + 2 * i + 1];
                counts[HALF - 1 - i] = counts[HALF - 1 - 2 * i] + counts[HALF - 2 - 2 * i];
            }
            Arrays.fill(counts, 0, HALF / 2, 0);
            Arrays.fill(counts, HALF + HALF / 2, 2 * HALF, 0);
            range *= 2;
        }
    }

    /** Returns the scale for all numbers. */
    ByteScale minMax() {
        return ByteScale.ofRange(low, high);
    }

    /** Returns the scale for a share of the numbers: the rest, half of it at each end, is limited. */
    ByteScale percentile(double share) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        double rest = total * (1 - share) / 2;
        return ByteScale.ofRange(Math.max(low, edge(rest, 0, 1)), Math.min(high, edge(rest, 2 * HALF - 1, -1)));
    }

    /** Returns the outer edge of the bin at which the counts from one end exceed a number. */
    private double edge(double rest, int from, int step) {
        double sum = 0;
        int bin = from;
        while (sum + counts[bin] <= rest && bin + step >= 0 && bin + step < counts.length) {
            sum += counts[bin];
            bin += step;
        }
        return (bin - HALF + (step > 0 ? 0 : 1)) * range / HALF;
    }

    /** Returns the scale with the smallest mean squared error of the numbers. */
    ByteScale leastError() {
        ByteScale best = minMax();
        double least = error(best);
        for (int percent = 98; percent >= 20; percent -= 2) {
            ByteScale candidate = ByteScale.ofRange(low * percent / 100.0, high * percent / 100.0);
            double error = error(candidate);
            if (error < least) {
                least = error;
                best = candidate;
            }
        }
        return best;
    }

    /** Returns the sum of the squared errors of the numbers, each taken as the middle of its bin. */
    private double error(ByteScale scale) {
        double sum = 0;
        double bottom = -scale.zeroPoint() * (double) scale.scale();
        double top = (ByteScale.HIGHEST - scale.zeroPoint()) * (double) scale.scale();
        double rounding = (double) scale.scale() * scale.scale() / 12;
        for (int bin = 0; bin < counts.length; bin++) {
            if (counts[bin] > 0) {
                double middle = (bin - HALF + 0.5) * range / HALF;
                double excess = Math.max(0, Math.max(bottom - middle, middle - top));
                sum += counts[bin] * (excess * excess + rounding);
            }
        }
        return sum;
    }
}
