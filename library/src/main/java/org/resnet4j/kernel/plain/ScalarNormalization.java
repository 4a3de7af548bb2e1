package org.resnet4j.kernel.plain;

import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.FusedMultiplyAdd;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.kernel.NormalizationKernel;
import org.resnet4j.parallel.PixelChunks;
import org.resnet4j.parallel.Workers;

/**
 * Batch normalization by its definition, with sums in double precision: the reference implementation, and the fallback.
 */
final class ScalarNormalization implements NormalizationKernel {
    @Override
    public void statistics(int pixels, int channels, float[] x, float[] mean, float[] variance, Workers workers) {
        workers.run(channels, (c, scratch) -> {
            double sum = 0;
            for (int p = 0; p < pixels; p++) {
                sum += x[p * channels + c];
            }
            double average = sum / pixels;
            double squares = 0;
            for (int p = 0; p < pixels; p++) {
                double distance = x[p * channels + c] - average;
                squares += distance * distance;
            }
            mean[c] = (float) average;
            variance[c] = (float) (squares / pixels);
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
        workers.run(chunks.count(), (chunk, scratch) -> {
            for (int p = chunks.from(chunk); p < chunks.to(chunk); p++) {
                for (int c = 0; c < channels; c++) {
                    int i = p * channels + c;
                    float value = FusedMultiplyAdd.of(x[i], affine[c], affine[channels + c]);
                    if (residual != null) {
                        value += residual[i];
                    }
                    y[i] = activation.isRelu() ? Math.max(0f, value) : value;
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
        workers.run(channels, (c, scratch) -> {
            double sum = 0;
            double sumHat = 0;
            for (int i = c; i < pixels * channels; i += channels) {
                float through = relu && result(y, x, affine, channels, i, c) <= 0 ? 0 : dy[i];
                if (y != null) {
                    dy[i] = through;
                }
                sum += through;
                sumHat += through * ((double) (x[i] - mean[c]) * inverseDeviation[c]);
            }
            backward.dBeta()[c] += (float) sum;
            backward.dGamma()[c] += (float) sumHat;
            means[c] = (float) (sum / pixels);
            means[channels + c] = (float) (sumHat / pixels);
        });
        return (fromPixel, toPixel, fromChannel, toChannel) -> {
            for (int p = fromPixel; p < toPixel; p++) {
                for (int c = fromChannel; c < toChannel; c++) {
                    int i = p * channels + c;
                    // with y, dy already holds only the gradients that pass ReLU
                    boolean stopped = y == null && relu && result(null, x, affine, channels, i, c) <= 0;
                    float hat = (x[i] - mean[c]) * inverseDeviation[c];
                    dx[i] = affine[c] * ((stopped ? 0 : dy[i]) - means[c] - hat * means[channels + c]);
                }
            }
        };
    }

    /** Returns the result of {@link #apply} at index i, or a number of the same sign. */
    private static float result(float @Nullable [] y, float[] x, float[] affine, int channels, int i, int c) {
        return y != null ? y[i] : FusedMultiplyAdd.of(x[i], affine[c], affine[channels + c]);
    }
}
