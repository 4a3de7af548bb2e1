package org.resnet4j.kernel.plain;

import java.util.Arrays;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PoolingKernel;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/** Pooling in plain loops. Limited by memory, so the vector kernels share the average. */
public final class ScalarPooling implements PoolingKernel {
    private static final Scratch.Ints OPEN = new Scratch.Ints();

    @Override
    public void maxForward(ConvolutionShape s, float[] x, float[] y, Workers workers) {
        int channels = s.inChannels();
        workers.run(s.batch() * s.outHeight(), (piece, scratch) -> {
            int n = piece / s.outHeight();
            int oy = piece % s.outHeight();
            for (int ox = 0; ox < s.outWidth(); ox++) {
                int out = (piece * s.outWidth() + ox) * channels;
                Arrays.fill(y, out, out + channels, Float.NEGATIVE_INFINITY);
                for (int ky = 0; ky < s.kernelHeight(); ky++) {
                    int iy = oy * s.stride() + ky - s.padding();
                    for (int kx = 0; kx < s.kernelWidth(); kx++) {
                        int ix = ox * s.stride() + kx - s.padding();
                        if (iy < 0 || iy >= s.height() || ix < 0 || ix >= s.width()) {
                            continue;
                        }
                        int in = ((n * s.height() + iy) * s.width() + ix) * channels;
                        for (int c = 0; c < channels; c++) {
                            y[out + c] = Math.max(y[out + c], x[in + c]);
                        }
                    }
                }
            }
        });
    }

    @Override
    public void maxBackward(ConvolutionShape s, float[] x, float[] y, float[] dy, float[] dx, Workers workers) {
        int channels = s.inChannels();
        int imageIn = s.height() * s.width() * channels;
        var gradient = new MaxGradient(s, x, y, dy, dx);
        workers.run(s.batch(), (n, scratch) -> {
            Arrays.fill(dx, n * imageIn, (n + 1) * imageIn, 0f);
            int[] open = scratch.get(OPEN, channels);
            for (int pixel = 0; pixel < s.outHeight() * s.outWidth(); pixel++) {
                gradient.toMaximum(n, pixel, open);
            }
        });
    }

    /** The input gradient of a max pooling. */
    private record MaxGradient(ConvolutionShape s, float[] x, float[] y, float[] dy, float[] dx) {
        /** Adds the gradient of one window, channel by channel, at the first position of the maximum. */
        void toMaximum(int n, int pixel, int[] open) {
            int channels = s.inChannels();
            int oy = pixel / s.outWidth();
            int ox = pixel % s.outWidth();
            int out = (n * s.outHeight() * s.outWidth() + pixel) * channels;
            Arrays.fill(open, 0, channels, 1);
            for (int ky = 0; ky < s.kernelHeight(); ky++) {
                int iy = oy * s.stride() + ky - s.padding();
                for (int kx = 0; kx < s.kernelWidth(); kx++) {
                    int ix = ox * s.stride() + kx - s.padding();
                    if (iy < 0 || iy >= s.height() || ix < 0 || ix >= s.width()) {
                        continue;
                    }
                    int in = ((n * s.height() + iy) * s.width() + ix) * channels;
                    for (int c = 0; c < channels; c++) {
                        boolean first = open[c] != 0 && x[in + c] == y[out + c];
                        dx[in + c] += first ? dy[out + c] : 0f;
                        open[c] = first ? 0 : open[c];
                    }
                }
            }
        }
    }

    @Override
    public void averageForward(int batch, int pixels, int channels, float[] x, float[] y, Workers workers) {
        workers.run(batch, (n, scratch) -> {
            int out = n * channels;
            Arrays.fill(y, out, out + channels, 0f);
            for (int p = 0; p < pixels; p++) {
                int in = (n * pixels + p) * channels;
                for (int c = 0; c < channels; c++) {
                    y[out + c] += x[in + c];
                }
            }
            for (int c = 0; c < channels; c++) {
                y[out + c] /= pixels;
            }
        });
    }

    @Override
    public void averageBackward(int batch, int pixels, int channels, float[] dy, float[] dx, Workers workers) {
        workers.run(batch, (n, scratch) -> {
            for (int p = 0; p < pixels; p++) {
                int in = (n * pixels + p) * channels;
                for (int c = 0; c < channels; c++) {
                    dx[in + c] = dy[n * channels + c] / pixels;
                }
            }
        });
    }

    @Override
    public void cellsForward(ConvolutionShape s, float[] x, float[] y, Workers workers) {
        int channels = s.inChannels();
        workers.run(s.batch() * s.outHeight(), (piece, scratch) -> {
            int firstRow = piece / s.outHeight() * s.height() + piece % s.outHeight() * s.stride();
            int rows = Math.min(s.stride(), s.height() - piece % s.outHeight() * s.stride());
            for (int ox = 0; ox < s.outWidth(); ox++) {
                int firstColumn = ox * s.stride();
                int columns = Math.min(s.stride(), s.width() - firstColumn);
                float share = 1f / (rows * columns);
                int out = (piece * s.outWidth() + ox) * channels;
                Arrays.fill(y, out, out + channels, 0f);
                for (int place = 0; place < rows * columns; place++) {
                    int in = ((firstRow + place / columns) * s.width() + firstColumn + place % columns) * channels;
                    for (int c = 0; c < channels; c++) {
                        y[out + c] += share * x[in + c];
                    }
                }
            }
        });
    }

    @Override
    public void cellsBackward(ConvolutionShape s, float[] dy, float[] dx, Workers workers) {
        int channels = s.inChannels();
        workers.run(s.batch() * s.height(), (piece, scratch) -> {
            int image = piece / s.height();
            int row = piece % s.height();
            int oy = row / s.stride();
            int rows = Math.min(s.stride(), s.height() - oy * s.stride());
            for (int column = 0; column < s.width(); column++) {
                int ox = column / s.stride();
                float share = 1f / (rows * Math.min(s.stride(), s.width() - ox * s.stride()));
                int from = ((image * s.outHeight() + oy) * s.outWidth() + ox) * channels;
                int to = (piece * s.width() + column) * channels;
                for (int c = 0; c < channels; c++) {
                    dx[to + c] = share * dy[from + c];
                }
            }
        });
    }

    @Override
    public void subsample(ConvolutionShape s, float[] x, float[] y, Workers workers) {
        int before = (s.outChannels() - s.inChannels()) / 2;
        workers.run(s.batch() * s.outHeight(), (piece, scratch) -> {
            int n = piece / s.outHeight();
            int oy = piece % s.outHeight();
            int in = (n * s.height() + oy * s.stride()) * s.width() * s.inChannels();
            int out = piece * s.outWidth() * s.outChannels();
            Arrays.fill(y, out, out + s.outWidth() * s.outChannels(), 0f);
            for (int ox = 0; ox < s.outWidth(); ox++) {
                System.arraycopy(x, in, y, out + before, s.inChannels());
                in += s.stride() * s.inChannels();
                out += s.outChannels();
            }
        });
    }

    @Override
    public void subsampleBackward(ConvolutionShape s, float[] dy, float[] dx, Workers workers) {
        int before = (s.outChannels() - s.inChannels()) / 2;
        int rowFloats = s.width() * s.inChannels();
        workers.run(s.batch() * s.height(), (piece, scratch) -> {
            int n = piece / s.height();
            int iy = piece % s.height();
            Arrays.fill(dx, piece * rowFloats, (piece + 1) * rowFloats, 0f);
            if (iy % s.stride() != 0) {
                return;
            }
            int from = (n * s.outHeight() + iy / s.stride()) * s.outWidth() * s.outChannels() + before;
            for (int ox = 0; ox < s.outWidth(); ox++) {
                System.arraycopy(dy, from, dx, piece * rowFloats + ox * s.stride() * s.inChannels(), s.inChannels());
                from += s.outChannels();
            }
        });
    }
}
