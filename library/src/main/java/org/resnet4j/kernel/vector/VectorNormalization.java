package org.resnet4j.kernel.vector;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.FusedMultiplyAdd;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.kernel.NormalizationKernel;
import org.resnet4j.parallel.PixelChunks;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * Batch normalization, one vector of channels at a time, of feature maps in either number format.
 *
 * <p>Sums over pixels use float32 within chunks of 64 KB and double precision over the chunks. For the variance, the
 * average of the channel's first values is subtracted from each value, so that {@code E[d²] − E[d]²} loses little
 * precision if the mean is large (unless the first values are far from all others).
 */
final class VectorNormalization implements NormalizationKernel {
    /** Partial sums: two for each chunk and channel. */
    private static final Scratch.Floats SUMS = new Scratch.Floats();

    /** The averages that are subtracted, and the number of pixels that they are taken over. */
    private static final Scratch.Floats ORIGINS = new Scratch.Floats();

    private static final int ORIGIN_PIXELS = 32;

    /** The number of channels whose sums are added together. */
    private static final int TOTALED = 64;

    /** False for processors that are too old for vectors of conditions; there, maps of floats pass ReLU in plain loops. */
    private static final boolean HAS_CONDITIONS = FusedMultiplyAdd.IS_INSTRUCTION;

    private final NormalizationPasses passes;

    VectorNormalization(NormalizationPasses passes) {
        this.passes = passes;
    }

    @Override
    public void statistics(int pixels, int channels, float[] x, float[] mean, float[] variance, Workers workers) {
        var chunks = PixelChunks.of(pixels, channels);
        float[] sums = workers.shared().get(SUMS, chunks.count() * 2 * channels);
        float[] origin = workers.shared().get(ORIGINS, channels);
        passes.averageOfFirst(Math.min(pixels, ORIGIN_PIXELS), channels, x, origin);
        workers.run(
                chunks.count(),
                (chunk, scratch) -> passes.sumChunk(
                        chunks.from(chunk), chunks.to(chunk), channels, x, origin, sums, chunk * 2 * channels));
        totals(chunks.count(), channels, sums, workers, (c, sum, squares) -> {
            double offset = sum / pixels;
            mean[c] = (float) (origin[c] + offset);
            variance[c] = (float) Math.max(0, squares / pixels - offset * offset);
        });
    }

    /** A receiver of the two sums of a channel over all chunks. */
    @FunctionalInterface
    private interface Totals {
        void of(int channel, double first, double second);
    }

    /**
     * Adds the sums of the chunks in order. Adds rows of some channels, because a column would touch one cache line for
     * each number.
     */
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

    @Override
    public void apply(
            int pixels,
            int channels,
            float[] x,
            float[] affine,
            float @Nullable [] residual,
            Activation activation,
            float[] y,
            Workers workers) {
        var chunks = PixelChunks.of(pixels, channels);
        boolean relu = activation.isRelu() && HAS_CONDITIONS;
        workers.run(chunks.count(), (chunk, scratch) -> {
            int from = chunks.from(chunk);
            int to = chunks.to(chunk);
            if (residual != null && relu) {
                passes.applyAddRelu(from, to, channels, x, affine, residual, y);
            } else if (residual != null) {
                passes.applyAdd(from, to, channels, x, affine, residual, y);
            } else if (relu) {
                passes.applyRelu(from, to, channels, x, affine, y);
            } else {
                passes.applyPlain(from, to, channels, x, affine, y);
            }
            if (activation.isRelu() && !relu) {
                for (int i = from * channels; i < to * channels; i++) {
                    y[i] = Math.max(0f, y[i]);
                }
            }
        });
    }

    @Override
    public LateGradient beginBackward(Forward forward, Backward backward, Workers workers) {
        int pixels = forward.pixels();
        int channels = forward.channels();
        float[] x = forward.x();
        float[] mean = forward.mean();
        float[] inverseDeviation = forward.inverseDeviation();
        float[] affine = forward.affine();
        float[] y = forward.y();
        boolean relu = forward.activation().isRelu();
        float[] dy = backward.dy();
        float[] dx = backward.dx();
        float[] means = backward.means();
        var chunks = PixelChunks.of(pixels, channels);
        float[] sums = workers.shared().get(SUMS, chunks.count() * 2 * channels);
        boolean gated = relu && y == null;
        workers.run(chunks.count(), (chunk, scratch) -> {
            int from = chunks.from(chunk);
            int to = chunks.to(chunk);
            int at = chunk * 2 * channels;
            Arrays.fill(sums, at, at + 2 * channels, 0f);
            if (gated) {
                passes.sumGated(from, to, channels, x, mean, affine, dy, sums, at);
            } else if (relu && y != null && HAS_CONDITIONS) {
                passes.sumMasked(from, to, channels, x, mean, y, dy, sums, at);
            } else {
                if (relu && y != null) {
                    for (int i = from * channels; i < to * channels; i++) {
                        dy[i] = y[i] > 0 ? dy[i] : 0f;
                    }
                }
                passes.sumPlain(from, to, channels, x, mean, dy, sums, at);
            }
        });
        totals(chunks.count(), channels, sums, workers, (c, sum, product) -> {
            double sumHat = product * inverseDeviation[c];
            backward.dBeta()[c] += (float) sum;
            backward.dGamma()[c] += (float) sumHat;
            means[c] = (float) (sum / pixels);
            means[channels + c] = (float) (sumHat / pixels * inverseDeviation[c]);
        });
        return gated
                ? (from, to, first, end) ->
                        passes.spreadGated(from, to, first, end, channels, x, mean, affine, dy, means, dx)
                : (from, to, first, end) ->
                        passes.spread(from, to, first, end, channels, x, mean, affine, dy, means, dx);
    }
}
