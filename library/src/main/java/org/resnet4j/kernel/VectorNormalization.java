package org.resnet4j.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import org.resnet4j.parallel.Workers;

/**
 * Batch normalisation, one vector of channels at a time.
 *
 * <p>Sums over pixels are taken in float32 within chunks of 64 KB and in double precision over the chunks. For the
 * variance each value is first moved by the channel's first value, so that {@code E[d²] − E[d]²} loses little where the
 * mean is large (unless that first value is itself far from all others).
 */
final class VectorNormalization implements NormalizationKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Shared scratch slot of the partial sums: for each chunk two sums for each channel. */
    private static final int SUMS = 2;

    /** Shared scratch slots of the constants of the second pass. */
    private static final int GRADIENT_MEANS = 3;

    private static final int PROJECTIONS = 4;

    @Override
    public void statistics(int pixels, int channels, float[] x, float[] mean, float[] variance, Workers workers) {
        var chunks = PixelChunks.of(pixels, channels);
        float[] sums = workers.shared().floats(SUMS, chunks.count() * 2 * channels);
        workers.run(
                chunks.count(),
                (chunk, scratch) ->
                        sumChunk(chunks.from(chunk), chunks.to(chunk), channels, x, sums, chunk * 2 * channels));
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            double squares = 0;
            for (int at = c; at < chunks.count() * 2 * channels; at += 2 * channels) {
                sum += sums[at];
                squares += sums[at + channels];
            }
            double offset = sum / pixels;
            mean[c] = (float) (x[c] + offset);
            variance[c] = (float) Math.max(0, squares / pixels - offset * offset);
        }
    }

    /** Sums d and d² with d = x − x[first pixel], four pixels at a time so that the additions overlap. */
    private static void sumChunk(int from, int to, int channels, float[] x, float[] sums, int at) {
        int c = 0;
        for (; c + LANES <= channels; c += LANES) {
            var first = FloatVector.fromArray(SPECIES, x, c);
            var s0 = FloatVector.zero(SPECIES);
            var s1 = FloatVector.zero(SPECIES);
            var s2 = FloatVector.zero(SPECIES);
            var s3 = FloatVector.zero(SPECIES);
            var q0 = FloatVector.zero(SPECIES);
            var q1 = FloatVector.zero(SPECIES);
            var q2 = FloatVector.zero(SPECIES);
            var q3 = FloatVector.zero(SPECIES);
            int p = from;
            for (; p + 4 <= to; p += 4) {
                int i = p * channels + c;
                var d0 = FloatVector.fromArray(SPECIES, x, i).sub(first);
                var d1 = FloatVector.fromArray(SPECIES, x, i + channels).sub(first);
                var d2 = FloatVector.fromArray(SPECIES, x, i + 2 * channels).sub(first);
                var d3 = FloatVector.fromArray(SPECIES, x, i + 3 * channels).sub(first);
                s0 = s0.add(d0);
                s1 = s1.add(d1);
                s2 = s2.add(d2);
                s3 = s3.add(d3);
                q0 = d0.fma(d0, q0);
                q1 = d1.fma(d1, q1);
                q2 = d2.fma(d2, q2);
                q3 = d3.fma(d3, q3);
            }
            for (; p < to; p++) {
                var d = FloatVector.fromArray(SPECIES, x, p * channels + c).sub(first);
                s0 = s0.add(d);
                q0 = d.fma(d, q0);
            }
            s0.add(s1).add(s2.add(s3)).intoArray(sums, at + c);
            q0.add(q1).add(q2.add(q3)).intoArray(sums, at + channels + c);
        }
        for (; c < channels; c++) {
            float sum = 0;
            float squares = 0;
            for (int p = from; p < to; p++) {
                float d = x[p * channels + c] - x[c];
                sum += d;
                squares += d * d;
            }
            sums[at + c] = sum;
            sums[at + channels + c] = squares;
        }
    }

    @Override
    public void apply(
            int pixels,
            int channels,
            float[] x,
            float[] scale,
            float[] shift,
            float @Nullable [] residual,
            boolean relu,
            float[] y,
            Workers workers) {
        var chunks = PixelChunks.of(pixels, channels);
        workers.run(chunks.count(), (chunk, scratch) -> {
            int from = chunks.from(chunk);
            int to = chunks.to(chunk);
            if (residual != null && relu) {
                applyAddRelu(from, to, channels, x, scale, shift, residual, y);
            } else if (residual != null) {
                applyAdd(from, to, channels, x, scale, shift, residual, y);
            } else if (relu) {
                applyRelu(from, to, channels, x, scale, shift, y);
            } else {
                applyPlain(from, to, channels, x, scale, shift, y);
            }
        });
    }

    private static void applyPlain(int from, int to, int channels, float[] x, float[] scale, float[] shift, float[] y) {
        int whole = SPECIES.loopBound(channels);
        for (int p = from; p < to; p++) {
            int i = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                FloatVector.fromArray(SPECIES, x, i + c)
                        .fma(FloatVector.fromArray(SPECIES, scale, c), FloatVector.fromArray(SPECIES, shift, c))
                        .intoArray(y, i + c);
            }
            for (int c = whole; c < channels; c++) {
                y[i + c] = Math.fma(x[i + c], scale[c], shift[c]);
            }
        }
    }

    private static void applyRelu(int from, int to, int channels, float[] x, float[] scale, float[] shift, float[] y) {
        int whole = SPECIES.loopBound(channels);
        for (int p = from; p < to; p++) {
            int i = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                FloatVector.fromArray(SPECIES, x, i + c)
                        .fma(FloatVector.fromArray(SPECIES, scale, c), FloatVector.fromArray(SPECIES, shift, c))
                        .max(0f)
                        .intoArray(y, i + c);
            }
            for (int c = whole; c < channels; c++) {
                y[i + c] = Math.max(0f, Math.fma(x[i + c], scale[c], shift[c]));
            }
        }
    }

    private static void applyAdd(
            int from, int to, int channels, float[] x, float[] scale, float[] shift, float[] residual, float[] y) {
        int whole = SPECIES.loopBound(channels);
        for (int p = from; p < to; p++) {
            int i = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                FloatVector.fromArray(SPECIES, x, i + c)
                        .fma(FloatVector.fromArray(SPECIES, scale, c), FloatVector.fromArray(SPECIES, shift, c))
                        .add(FloatVector.fromArray(SPECIES, residual, i + c))
                        .intoArray(y, i + c);
            }
            for (int c = whole; c < channels; c++) {
                y[i + c] = Math.fma(x[i + c], scale[c], shift[c]) + residual[i + c];
            }
        }
    }

    private static void applyAddRelu(
            int from, int to, int channels, float[] x, float[] scale, float[] shift, float[] residual, float[] y) {
        int whole = SPECIES.loopBound(channels);
        for (int p = from; p < to; p++) {
            int i = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                FloatVector.fromArray(SPECIES, x, i + c)
                        .fma(FloatVector.fromArray(SPECIES, scale, c), FloatVector.fromArray(SPECIES, shift, c))
                        .add(FloatVector.fromArray(SPECIES, residual, i + c))
                        .max(0f)
                        .intoArray(y, i + c);
            }
            for (int c = whole; c < channels; c++) {
                y[i + c] = Math.max(0f, Math.fma(x[i + c], scale[c], shift[c]) + residual[i + c]);
            }
        }
    }

    @Override
    public void backward(
            int pixels,
            int channels,
            float[] x,
            float[] mean,
            float[] inverseDeviation,
            float[] gamma,
            float[] y,
            boolean relu,
            float[] dy,
            float[] dx,
            float @Nullable [] dResidual,
            float[] dGamma,
            float[] dBeta,
            Workers workers) {
        var chunks = PixelChunks.of(pixels, channels);
        float[] sums = workers.shared().floats(SUMS, chunks.count() * 2 * channels);
        workers.run(chunks.count(), (chunk, scratch) -> {
            int from = chunks.from(chunk);
            int to = chunks.to(chunk);
            int at = chunk * 2 * channels;
            if (relu) {
                sumMaskedGradients(from, to, channels, x, mean, y, dy, sums, at);
            } else {
                sumGradients(from, to, channels, x, mean, dy, sums, at);
            }
        });
        float[] means = workers.shared().floats(GRADIENT_MEANS, channels);
        float[] projections = workers.shared().floats(PROJECTIONS, channels);
        float[] scale = workers.shared().floats(PROJECTIONS + 1, channels);
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            double sumHat = 0;
            for (int at = c; at < chunks.count() * 2 * channels; at += 2 * channels) {
                sum += sums[at];
                sumHat += sums[at + channels];
            }
            sumHat *= inverseDeviation[c];
            dBeta[c] += (float) sum;
            dGamma[c] += (float) sumHat;
            scale[c] = gamma[c] * inverseDeviation[c];
            means[c] = (float) (sum / pixels);
            projections[c] = (float) (sumHat / pixels * inverseDeviation[c]);
        }
        workers.run(chunks.count(), (chunk, scratch) -> {
            int from = chunks.from(chunk);
            int to = chunks.to(chunk);
            if (relu && dResidual != null) {
                spreadMaskedTwice(from, to, channels, x, mean, y, dy, scale, means, projections, dx, dResidual);
            } else if (relu) {
                spreadMasked(from, to, channels, x, mean, y, dy, scale, means, projections, dx);
            } else {
                spread(from, to, channels, x, mean, dy, scale, means, projections, dx);
                if (dResidual != null) {
                    System.arraycopy(dy, from * channels, dResidual, from * channels, (to - from) * channels);
                }
            }
        });
    }

    /** Sums the gradients and their products with x − mean. */
    private static void sumGradients(
            int from, int to, int channels, float[] x, float[] mean, float[] dy, float[] sums, int at) {
        int c = 0;
        for (; c + LANES <= channels; c += LANES) {
            var average = FloatVector.fromArray(SPECIES, mean, c);
            var s0 = FloatVector.zero(SPECIES);
            var s1 = FloatVector.zero(SPECIES);
            var h0 = FloatVector.zero(SPECIES);
            var h1 = FloatVector.zero(SPECIES);
            int p = from;
            for (; p + 2 <= to; p += 2) {
                int i = p * channels + c;
                var g0 = FloatVector.fromArray(SPECIES, dy, i);
                var g1 = FloatVector.fromArray(SPECIES, dy, i + channels);
                s0 = s0.add(g0);
                s1 = s1.add(g1);
                h0 = FloatVector.fromArray(SPECIES, x, i).sub(average).fma(g0, h0);
                h1 = FloatVector.fromArray(SPECIES, x, i + channels)
                        .sub(average)
                        .fma(g1, h1);
            }
            for (; p < to; p++) {
                int i = p * channels + c;
                var g = FloatVector.fromArray(SPECIES, dy, i);
                s0 = s0.add(g);
                h0 = FloatVector.fromArray(SPECIES, x, i).sub(average).fma(g, h0);
            }
            s0.add(s1).intoArray(sums, at + c);
            h0.add(h1).intoArray(sums, at + channels + c);
        }
        for (; c < channels; c++) {
            float sum = 0;
            float sumHat = 0;
            for (int p = from; p < to; p++) {
                int i = p * channels + c;
                sum += dy[i];
                sumHat += dy[i] * (x[i] - mean[c]);
            }
            sums[at + c] = sum;
            sums[at + channels + c] = sumHat;
        }
    }

    /** As {@link #sumGradients}, for the gradients that pass ReLU. */
    private static void sumMaskedGradients(
            int from, int to, int channels, float[] x, float[] mean, float[] y, float[] dy, float[] sums, int at) {
        var zero = FloatVector.zero(SPECIES);
        int c = 0;
        for (; c + LANES <= channels; c += LANES) {
            var average = FloatVector.fromArray(SPECIES, mean, c);
            var s0 = zero;
            var s1 = zero;
            var h0 = zero;
            var h1 = zero;
            int p = from;
            for (; p + 2 <= to; p += 2) {
                int i = p * channels + c;
                int j = i + channels;
                var g0 = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i),
                        FloatVector.fromArray(SPECIES, y, i).compare(VectorOperators.GT, zero));
                var g1 = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, j),
                        FloatVector.fromArray(SPECIES, y, j).compare(VectorOperators.GT, zero));
                s0 = s0.add(g0);
                s1 = s1.add(g1);
                h0 = FloatVector.fromArray(SPECIES, x, i).sub(average).fma(g0, h0);
                h1 = FloatVector.fromArray(SPECIES, x, j).sub(average).fma(g1, h1);
            }
            for (; p < to; p++) {
                int i = p * channels + c;
                var g = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i),
                        FloatVector.fromArray(SPECIES, y, i).compare(VectorOperators.GT, zero));
                s0 = s0.add(g);
                h0 = FloatVector.fromArray(SPECIES, x, i).sub(average).fma(g, h0);
            }
            s0.add(s1).intoArray(sums, at + c);
            h0.add(h1).intoArray(sums, at + channels + c);
        }
        for (; c < channels; c++) {
            float sum = 0;
            float sumHat = 0;
            for (int p = from; p < to; p++) {
                int i = p * channels + c;
                float g = y[i] > 0 ? dy[i] : 0f;
                sum += g;
                sumHat += g * (x[i] - mean[c]);
            }
            sums[at + c] = sum;
            sums[at + channels + c] = sumHat;
        }
    }

    private static void spread(
            int from,
            int to,
            int channels,
            float[] x,
            float[] mean,
            float[] dy,
            float[] scale,
            float[] means,
            float[] projections,
            float[] dx) {
        int whole = SPECIES.loopBound(channels);
        for (int p = from; p < to; p++) {
            int i = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                var g = FloatVector.fromArray(SPECIES, dy, i + c);
                gradient(x, i + c, g, mean, scale, means, projections, c).intoArray(dx, i + c);
            }
            for (int c = whole; c < channels; c++) {
                dx[i + c] = scale[c] * (dy[i + c] - means[c] - (x[i + c] - mean[c]) * projections[c]);
            }
        }
    }

    private static void spreadMasked(
            int from,
            int to,
            int channels,
            float[] x,
            float[] mean,
            float[] y,
            float[] dy,
            float[] scale,
            float[] means,
            float[] projections,
            float[] dx) {
        var zero = FloatVector.zero(SPECIES);
        int whole = SPECIES.loopBound(channels);
        for (int p = from; p < to; p++) {
            int i = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                var g = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i + c),
                        FloatVector.fromArray(SPECIES, y, i + c).compare(VectorOperators.GT, zero));
                gradient(x, i + c, g, mean, scale, means, projections, c).intoArray(dx, i + c);
            }
            for (int c = whole; c < channels; c++) {
                float g = y[i + c] > 0 ? dy[i + c] : 0f;
                dx[i + c] = scale[c] * (g - means[c] - (x[i + c] - mean[c]) * projections[c]);
            }
        }
    }

    private static void spreadMaskedTwice(
            int from,
            int to,
            int channels,
            float[] x,
            float[] mean,
            float[] y,
            float[] dy,
            float[] scale,
            float[] means,
            float[] projections,
            float[] dx,
            float[] dResidual) {
        var zero = FloatVector.zero(SPECIES);
        int whole = SPECIES.loopBound(channels);
        for (int p = from; p < to; p++) {
            int i = p * channels;
            for (int c = 0; c < whole; c += LANES) {
                var g = zero.blend(
                        FloatVector.fromArray(SPECIES, dy, i + c),
                        FloatVector.fromArray(SPECIES, y, i + c).compare(VectorOperators.GT, zero));
                g.intoArray(dResidual, i + c);
                gradient(x, i + c, g, mean, scale, means, projections, c).intoArray(dx, i + c);
            }
            for (int c = whole; c < channels; c++) {
                float g = y[i + c] > 0 ? dy[i + c] : 0f;
                dResidual[i + c] = g;
                dx[i + c] = scale[c] * (g - means[c] - (x[i + c] - mean[c]) * projections[c]);
            }
        }
    }

    /** {@code γ/σ · (g − E[g] − (x − E[x])·projection)} for one vector of channels. */
    private static FloatVector gradient(
            float[] x, int i, FloatVector g, float[] mean, float[] scale, float[] means, float[] projections, int c) {
        return FloatVector.fromArray(SPECIES, mean, c)
                .sub(FloatVector.fromArray(SPECIES, x, i))
                .fma(FloatVector.fromArray(SPECIES, projections, c), g.sub(FloatVector.fromArray(SPECIES, means, c)))
                .mul(FloatVector.fromArray(SPECIES, scale, c));
    }
}
