package org.resnet4j.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.kernel.NormalizationKernel;
import org.resnet4j.parallel.PixelChunks;
import org.resnet4j.parallel.Workers;

/**
 * Batch normalisation, one vector of channels at a time.
 *
 * <p>Sums over pixels are taken in float32 within chunks of 64 KB and in double precision over the chunks. For the
 * variance each value is first moved by the average of the channel's first values, so that {@code E[d²] − E[d]²} loses little
 * where the mean is large (unless those are themselves far from all others).
 */
final class VectorNormalization implements NormalizationKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Shared scratch slot of the partial sums: for each chunk two sums for each channel. */
    private static final int SUMS = 2;

    /** Shared scratch slot of what values are moved by, and of how many pixels it is the average. */
    private static final int ORIGINS = 5;

    private static final int ORIGIN_PIXELS = 32;

    /** Channels whose sums are added together. */
    private static final int TOTALED = 64;

    @Override
    public void statistics(int pixels, int channels, float[] x, float[] mean, float[] variance, Workers workers) {
        var chunks = PixelChunks.of(pixels, channels);
        float[] sums = workers.shared().floats(SUMS, chunks.count() * 2 * channels);
        float[] origin = workers.shared().floats(ORIGINS, channels);
        averageOfFirst(Math.min(pixels, ORIGIN_PIXELS), channels, x, origin);
        workers.run(
                chunks.count(),
                (chunk, scratch) -> sumChunk(
                        chunks.from(chunk), chunks.to(chunk), channels, x, origin, sums, chunk * 2 * channels));
        totals(chunks.count(), channels, sums, workers, (c, sum, squares) -> {
            double offset = sum / pixels;
            mean[c] = (float) (origin[c] + offset);
            variance[c] = (float) Math.max(0, squares / pixels - offset * offset);
        });
    }

    /** What becomes of a channel's two sums over all chunks. */
    @FunctionalInterface
    private interface Totals {
        void of(int channel, double first, double second);
    }

    /** Adds the chunks' sums in their order: row by row of some channels, since a column would be a line of the cache a number. */
    private static void totals(int chunks, int channels, float[] sums, Workers workers, Totals totals) {
        workers.run(Math.ceilDiv(channels, TOTALED), (block, scratch) -> {
            int from = block * TOTALED;
            int count = Math.min(TOTALED, channels - from);
            double[] first = new double[count];
            double[] second = new double[count];
            for (int chunk = 0; chunk < chunks; chunk++) {
                int at = chunk * 2 * channels + from;
                for (int c = 0; c < count; c++) {
                    first[c] += sums[at + c];
                    second[c] += sums[at + channels + c];
                }
            }
            for (int c = 0; c < count; c++) {
                totals.of(from + c, first[c], second[c]);
            }
        });
    }

    private static void averageOfFirst(int pixels, int channels, float[] x, float[] average) {
        Arrays.fill(average, 0, channels, 0f);
        for (int i = 0, c = 0; i < pixels * channels; i++, c = c + 1 < channels ? c + 1 : 0) {
            average[c] += x[i] / pixels;
        }
    }

    /** Sums d and d² with d = x − origin, eight pixels at a time so that the sums are seldom moved. */
    private static void sumChunk(int from, int to, int channels, float[] x, float[] origin, float[] sums, int at) {
        int whole = SPECIES.loopBound(channels);
        int squares = at + channels;
        Arrays.fill(sums, at, at + 2 * channels, 0f);
        int p = from;
        for (; p + 8 <= to; p += 8) {
            int row = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                int i = row + c;
                var first = FloatVector.fromArray(SPECIES, origin, c);
                var d0 = FloatVector.fromArray(SPECIES, x, i).sub(first);
                var d1 = FloatVector.fromArray(SPECIES, x, i + channels).sub(first);
                var d2 = FloatVector.fromArray(SPECIES, x, i + 2 * channels).sub(first);
                var d3 = FloatVector.fromArray(SPECIES, x, i + 3 * channels).sub(first);
                var d4 = FloatVector.fromArray(SPECIES, x, i + 4 * channels).sub(first);
                var d5 = FloatVector.fromArray(SPECIES, x, i + 5 * channels).sub(first);
                var d6 = FloatVector.fromArray(SPECIES, x, i + 6 * channels).sub(first);
                var d7 = FloatVector.fromArray(SPECIES, x, i + 7 * channels).sub(first);
                var sum = d0.add(d1).add(d2.add(d3)).add(d4.add(d5).add(d6.add(d7)));
                FloatVector.fromArray(SPECIES, sums, at + c).add(sum).intoArray(sums, at + c);
                var even = d0.fma(d0, d2.fma(d2, d4.fma(d4, d6.mul(d6))));
                var odd = d1.fma(d1, d3.fma(d3, d5.fma(d5, d7.mul(d7))));
                FloatVector.fromArray(SPECIES, sums, squares + c)
                        .add(even.add(odd))
                        .intoArray(sums, squares + c);
            }
        }
        for (; p < to; p++) {
            int row = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                var d = FloatVector.fromArray(SPECIES, x, row + c).sub(FloatVector.fromArray(SPECIES, origin, c));
                FloatVector.fromArray(SPECIES, sums, at + c).add(d).intoArray(sums, at + c);
                d.fma(d, FloatVector.fromArray(SPECIES, sums, squares + c)).intoArray(sums, squares + c);
            }
        }
        for (int c = whole; c < channels; c++) {
            for (p = from; p < to; p++) {
                float d = x[p * channels + c] - origin[c];
                sums[at + c] += d;
                sums[squares + c] += d * d;
            }
        }
    }

    @Override
    public void apply(
            int pixels,
            int channels,
            float[] x,
            float[] affine,
            float @Nullable [] residual,
            boolean relu,
            float[] y,
            Workers workers) {
        var chunks = PixelChunks.of(pixels, channels);
        workers.run(chunks.count(), (chunk, scratch) -> {
            int from = chunks.from(chunk);
            int to = chunks.to(chunk);
            if (residual != null && relu) {
                applyAddRelu(from, to, channels, x, affine, residual, y);
            } else if (residual != null) {
                applyAdd(from, to, channels, x, affine, residual, y);
            } else if (relu) {
                applyRelu(from, to, channels, x, affine, y);
            } else {
                applyPlain(from, to, channels, x, affine, y);
            }
        });
    }

    private static void applyPlain(int from, int to, int channels, float[] x, float[] affine, float[] y) {
        int whole = SPECIES.loopBound(channels);
        for (int p = from; p < to; p++) {
            int i = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                FloatVector.fromArray(SPECIES, x, i + c)
                        .fma(
                                FloatVector.fromArray(SPECIES, affine, c),
                                FloatVector.fromArray(SPECIES, affine, channels + c))
                        .intoArray(y, i + c);
            }
            for (int c = whole; c < channels; c++) {
                y[i + c] = Math.fma(x[i + c], affine[c], affine[channels + c]);
            }
        }
    }

    private static void applyRelu(int from, int to, int channels, float[] x, float[] affine, float[] y) {
        int whole = SPECIES.loopBound(channels);
        for (int p = from; p < to; p++) {
            int i = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                FloatVector.fromArray(SPECIES, x, i + c)
                        .fma(
                                FloatVector.fromArray(SPECIES, affine, c),
                                FloatVector.fromArray(SPECIES, affine, channels + c))
                        .max(0f)
                        .intoArray(y, i + c);
            }
            for (int c = whole; c < channels; c++) {
                y[i + c] = Math.max(0f, Math.fma(x[i + c], affine[c], affine[channels + c]));
            }
        }
    }

    private static void applyAdd(
            int from, int to, int channels, float[] x, float[] affine, float[] residual, float[] y) {
        int whole = SPECIES.loopBound(channels);
        for (int p = from; p < to; p++) {
            int i = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                FloatVector.fromArray(SPECIES, x, i + c)
                        .fma(
                                FloatVector.fromArray(SPECIES, affine, c),
                                FloatVector.fromArray(SPECIES, affine, channels + c))
                        .add(FloatVector.fromArray(SPECIES, residual, i + c))
                        .intoArray(y, i + c);
            }
            for (int c = whole; c < channels; c++) {
                y[i + c] = Math.fma(x[i + c], affine[c], affine[channels + c]) + residual[i + c];
            }
        }
    }

    private static void applyAddRelu(
            int from, int to, int channels, float[] x, float[] affine, float[] residual, float[] y) {
        int whole = SPECIES.loopBound(channels);
        for (int p = from; p < to; p++) {
            int i = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                FloatVector.fromArray(SPECIES, x, i + c)
                        .fma(
                                FloatVector.fromArray(SPECIES, affine, c),
                                FloatVector.fromArray(SPECIES, affine, channels + c))
                        .add(FloatVector.fromArray(SPECIES, residual, i + c))
                        .max(0f)
                        .intoArray(y, i + c);
            }
            for (int c = whole; c < channels; c++) {
                y[i + c] = Math.max(0f, Math.fma(x[i + c], affine[c], affine[channels + c]) + residual[i + c]);
            }
        }
    }

    @Override
    public LateGradient beginBackward(
            int pixels,
            int channels,
            float[] x,
            float[] mean,
            float[] inverseDeviation,
            float[] affine,
            float @Nullable [] y,
            boolean relu,
            float[] dy,
            float[] dx,
            float[] dGamma,
            float[] dBeta,
            float[] means,
            Workers workers) {
        var chunks = PixelChunks.of(pixels, channels);
        float[] sums = workers.shared().floats(SUMS, chunks.count() * 2 * channels);
        boolean gated = relu && y == null;
        workers.run(chunks.count(), (chunk, scratch) -> {
            int from = chunks.from(chunk);
            int to = chunks.to(chunk);
            int at = chunk * 2 * channels;
            Arrays.fill(sums, at, at + 2 * channels, 0f);
            if (gated) {
                sumGated(from, to, channels, x, mean, affine, dy, sums, at);
            } else if (relu && y != null) {
                sumMasked(from, to, channels, x, mean, y, dy, sums, at);
            } else {
                sumPlain(from, to, channels, x, mean, dy, sums, at);
            }
        });
        totals(chunks.count(), channels, sums, workers, (c, sum, product) -> {
            double sumHat = product * inverseDeviation[c];
            dBeta[c] += (float) sum;
            dGamma[c] += (float) sumHat;
            means[c] = (float) (sum / pixels);
            means[channels + c] = (float) (sumHat / pixels * inverseDeviation[c]);
        });
        return gated
                ? (from, to, first, end) -> spreadGated(from, to, first, end, channels, x, mean, affine, dy, means, dx)
                : (from, to, first, end) -> spread(from, to, first, end, channels, x, mean, affine, dy, means, dx);
    }

    /** Sums the gradients and their products with x − mean. */
    private static void sumPlain(
            int from, int to, int channels, float[] x, float[] mean, float[] dy, float[] sums, int at) {
        int whole = SPECIES.loopBound(channels);
        int products = at + channels;
        int p = from;
        for (; p + 4 <= to; p += 4) {
            int row = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                int i = row + c;
                var average = FloatVector.fromArray(SPECIES, mean, c);
                var x0 = FloatVector.fromArray(SPECIES, x, i);
                var g0 = FloatVector.fromArray(SPECIES, dy, i);
                var x1 = FloatVector.fromArray(SPECIES, x, i + channels);
                var g1 = FloatVector.fromArray(SPECIES, dy, i + channels);
                var x2 = FloatVector.fromArray(SPECIES, x, i + 2 * channels);
                var g2 = FloatVector.fromArray(SPECIES, dy, i + 2 * channels);
                var x3 = FloatVector.fromArray(SPECIES, x, i + 3 * channels);
                var g3 = FloatVector.fromArray(SPECIES, dy, i + 3 * channels);
                var sum = g0.add(g1).add(g2.add(g3));
                var product = x0.sub(average)
                        .fma(g0, x2.sub(average).mul(g2))
                        .add(x1.sub(average).fma(g1, x3.sub(average).mul(g3)));
                FloatVector.fromArray(SPECIES, sums, at + c).add(sum).intoArray(sums, at + c);
                FloatVector.fromArray(SPECIES, sums, products + c).add(product).intoArray(sums, products + c);
            }
        }
        for (; p < to; p++) {
            int row = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                int i = row + c;
                var average = FloatVector.fromArray(SPECIES, mean, c);
                var x0 = FloatVector.fromArray(SPECIES, x, i);
                var g0 = FloatVector.fromArray(SPECIES, dy, i);
                var sum = g0;
                var product = x0.sub(average).mul(g0);
                FloatVector.fromArray(SPECIES, sums, at + c).add(sum).intoArray(sums, at + c);
                FloatVector.fromArray(SPECIES, sums, products + c).add(product).intoArray(sums, products + c);
            }
        }
        for (int c = whole; c < channels; c++) {
            for (p = from; p < to; p++) {
                int i = p * channels + c;
                float g = dy[i];
                sums[at + c] += g;
                sums[products + c] += g * (x[i] - mean[c]);
            }
        }
    }

    /** As {@link #sumPlain}, for the gradients that pass ReLU of the normalised x. */
    private static void sumGated(
            int from, int to, int channels, float[] x, float[] mean, float[] affine, float[] dy, float[] sums, int at) {
        var zero = FloatVector.zero(SPECIES);
        int whole = SPECIES.loopBound(channels);
        int products = at + channels;
        int p = from;
        for (; p + 4 <= to; p += 4) {
            int row = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                int i = row + c;
                var average = FloatVector.fromArray(SPECIES, mean, c);
                var factor = FloatVector.fromArray(SPECIES, affine, c);
                var offset = FloatVector.fromArray(SPECIES, affine, channels + c);
                var x0 = FloatVector.fromArray(SPECIES, x, i);
                var g0 = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i),
                        x0.fma(factor, offset).compare(VectorOperators.GT, zero));
                var x1 = FloatVector.fromArray(SPECIES, x, i + channels);
                var g1 = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i + channels),
                        x1.fma(factor, offset).compare(VectorOperators.GT, zero));
                var x2 = FloatVector.fromArray(SPECIES, x, i + 2 * channels);
                var g2 = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i + 2 * channels),
                        x2.fma(factor, offset).compare(VectorOperators.GT, zero));
                var x3 = FloatVector.fromArray(SPECIES, x, i + 3 * channels);
                var g3 = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i + 3 * channels),
                        x3.fma(factor, offset).compare(VectorOperators.GT, zero));
                var sum = g0.add(g1).add(g2.add(g3));
                var product = x0.sub(average)
                        .fma(g0, x2.sub(average).mul(g2))
                        .add(x1.sub(average).fma(g1, x3.sub(average).mul(g3)));
                FloatVector.fromArray(SPECIES, sums, at + c).add(sum).intoArray(sums, at + c);
                FloatVector.fromArray(SPECIES, sums, products + c).add(product).intoArray(sums, products + c);
            }
        }
        for (; p < to; p++) {
            int row = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                int i = row + c;
                var average = FloatVector.fromArray(SPECIES, mean, c);
                var factor = FloatVector.fromArray(SPECIES, affine, c);
                var offset = FloatVector.fromArray(SPECIES, affine, channels + c);
                var x0 = FloatVector.fromArray(SPECIES, x, i);
                var g0 = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i),
                        x0.fma(factor, offset).compare(VectorOperators.GT, zero));
                var sum = g0;
                var product = x0.sub(average).mul(g0);
                FloatVector.fromArray(SPECIES, sums, at + c).add(sum).intoArray(sums, at + c);
                FloatVector.fromArray(SPECIES, sums, products + c).add(product).intoArray(sums, products + c);
            }
        }
        for (int c = whole; c < channels; c++) {
            for (p = from; p < to; p++) {
                int i = p * channels + c;
                float g = Math.fma(x[i], affine[c], affine[channels + c]) > 0 ? dy[i] : 0f;
                sums[at + c] += g;
                sums[products + c] += g * (x[i] - mean[c]);
            }
        }
    }

    /** As {@link #sumPlain}, for the gradients that pass ReLU of y; the others become zero. */
    private static void sumMasked(
            int from, int to, int channels, float[] x, float[] mean, float[] y, float[] dy, float[] sums, int at) {
        var zero = FloatVector.zero(SPECIES);
        int whole = SPECIES.loopBound(channels);
        int products = at + channels;
        int p = from;
        for (; p + 4 <= to; p += 4) {
            int row = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                int i = row + c;
                var average = FloatVector.fromArray(SPECIES, mean, c);
                var x0 = FloatVector.fromArray(SPECIES, x, i);
                var g0 = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i),
                        FloatVector.fromArray(SPECIES, y, i).compare(VectorOperators.GT, zero));
                g0.intoArray(dy, i);
                var x1 = FloatVector.fromArray(SPECIES, x, i + channels);
                var g1 = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i + channels),
                        FloatVector.fromArray(SPECIES, y, i + channels).compare(VectorOperators.GT, zero));
                g1.intoArray(dy, i + channels);
                var x2 = FloatVector.fromArray(SPECIES, x, i + 2 * channels);
                var g2 = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i + 2 * channels),
                        FloatVector.fromArray(SPECIES, y, i + 2 * channels).compare(VectorOperators.GT, zero));
                g2.intoArray(dy, i + 2 * channels);
                var x3 = FloatVector.fromArray(SPECIES, x, i + 3 * channels);
                var g3 = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i + 3 * channels),
                        FloatVector.fromArray(SPECIES, y, i + 3 * channels).compare(VectorOperators.GT, zero));
                g3.intoArray(dy, i + 3 * channels);
                var sum = g0.add(g1).add(g2.add(g3));
                var product = x0.sub(average)
                        .fma(g0, x2.sub(average).mul(g2))
                        .add(x1.sub(average).fma(g1, x3.sub(average).mul(g3)));
                FloatVector.fromArray(SPECIES, sums, at + c).add(sum).intoArray(sums, at + c);
                FloatVector.fromArray(SPECIES, sums, products + c).add(product).intoArray(sums, products + c);
            }
        }
        for (; p < to; p++) {
            int row = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                int i = row + c;
                var average = FloatVector.fromArray(SPECIES, mean, c);
                var x0 = FloatVector.fromArray(SPECIES, x, i);
                var g0 = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i),
                        FloatVector.fromArray(SPECIES, y, i).compare(VectorOperators.GT, zero));
                g0.intoArray(dy, i);
                var sum = g0;
                var product = x0.sub(average).mul(g0);
                FloatVector.fromArray(SPECIES, sums, at + c).add(sum).intoArray(sums, at + c);
                FloatVector.fromArray(SPECIES, sums, products + c).add(product).intoArray(sums, products + c);
            }
        }
        for (int c = whole; c < channels; c++) {
            for (p = from; p < to; p++) {
                int i = p * channels + c;
                float g = y[i] > 0 ? dy[i] : 0f;
                dy[i] = g;
                sums[at + c] += g;
                sums[products + c] += g * (x[i] - mean[c]);
            }
        }
    }

    /** {@code dx = γ/σ · (g − E[g] − (x − E[x])·projection)}, of channels {@code first} to {@code end - 1}. */
    private static void spread(
            int from,
            int to,
            int first,
            int end,
            int channels,
            float[] x,
            float[] mean,
            float[] affine,
            float[] dy,
            float[] means,
            float[] dx) {
        int whole = first + SPECIES.loopBound(end - first);
        for (int p = from; p < to; p++) {
            int row = p * channels;
            for (int c = first; c < whole; c += LANES) {
                int i = row + c;
                var value = FloatVector.fromArray(SPECIES, x, i);
                var factor = FloatVector.fromArray(SPECIES, affine, c);
                var g = FloatVector.fromArray(SPECIES, dy, i);
                FloatVector.fromArray(SPECIES, mean, c)
                        .sub(value)
                        .fma(
                                FloatVector.fromArray(SPECIES, means, channels + c),
                                g.sub(FloatVector.fromArray(SPECIES, means, c)))
                        .mul(factor)
                        .intoArray(dx, i);
            }
            for (int c = whole; c < end; c++) {
                int i = row + c;
                float g = dy[i];
                dx[i] = affine[c] * Math.fma(mean[c] - x[i], means[channels + c], g - means[c]);
            }
        }
    }

    /** As {@link #spread}, for the gradients that pass ReLU of the normalised x. */
    private static void spreadGated(
            int from,
            int to,
            int first,
            int end,
            int channels,
            float[] x,
            float[] mean,
            float[] affine,
            float[] dy,
            float[] means,
            float[] dx) {
        var zero = FloatVector.zero(SPECIES);
        int whole = first + SPECIES.loopBound(end - first);
        for (int p = from; p < to; p++) {
            int row = p * channels;
            for (int c = first; c < whole; c += LANES) {
                int i = row + c;
                var value = FloatVector.fromArray(SPECIES, x, i);
                var factor = FloatVector.fromArray(SPECIES, affine, c);
                var g = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i),
                        value.fma(factor, FloatVector.fromArray(SPECIES, affine, channels + c))
                                .compare(VectorOperators.GT, zero));
                FloatVector.fromArray(SPECIES, mean, c)
                        .sub(value)
                        .fma(
                                FloatVector.fromArray(SPECIES, means, channels + c),
                                g.sub(FloatVector.fromArray(SPECIES, means, c)))
                        .mul(factor)
                        .intoArray(dx, i);
            }
            for (int c = whole; c < end; c++) {
                int i = row + c;
                float g = Math.fma(x[i], affine[c], affine[channels + c]) > 0 ? dy[i] : 0f;
                dx[i] = affine[c] * Math.fma(mean[c] - x[i], means[channels + c], g - means[c]);
            }
        }
    }
}
