package org.resnet4j.kernel.plain;

import java.util.Arrays;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.ConvolutionKernel;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.parallel.Workers;

/** Direct convolution: the reference for {@code VectorConvolution}, and the fallback. */
public final class ScalarConvolution implements ConvolutionKernel {
    @Override
    public void forward(ConvolutionShape s, float[] x, float[] w, float[] y, Workers workers) {
        workers.run(s.batch() * s.outHeight(), (piece, scratch) -> {
            for (int ox = 0; ox < s.outWidth(); ox++) {
                outputPixel(s, piece / s.outHeight(), piece % s.outHeight(), ox, x, w, y);
            }
        });
    }

    private static void outputPixel(ConvolutionShape s, int n, int oy, int ox, float[] x, float[] w, float[] y) {
        int groupIn = s.inChannels() / s.groups();
        int groupOut = s.outChannels() / s.groups();
        int out = ((n * s.outHeight() + oy) * s.outWidth() + ox) * s.outChannels();
        Arrays.fill(y, out, out + s.outChannels(), 0f);
        for (int ky = 0; ky < s.kernelHeight(); ky++) {
            int iy = oy * s.stride() + ky - s.padding();
            for (int kx = 0; kx < s.kernelWidth(); kx++) {
                int ix = ox * s.stride() + kx - s.padding();
                if (iy < 0 || iy >= s.height() || ix < 0 || ix >= s.width()) {
                    continue;
                }
                int in = ((n * s.height() + iy) * s.width() + ix) * s.inChannels();
                for (int group = 0; group < s.groups(); group++) {
                    for (int c = 0; c < groupIn; c++) {
                        float value = x[in + group * groupIn + c];
                        int weight = ((ky * s.kernelWidth() + kx) * groupIn + c) * s.outChannels() + group * groupOut;
                        int target = out + group * groupOut;
                        for (int k = 0; k < groupOut; k++) {
                            y[target + k] += value * w[weight + k];
                        }
                    }
                }
            }
        }
    }

    @Override
    public void backwardData(
            ConvolutionShape s, float[] dy, float[] w, float[] dx, Accumulation accumulation, Workers workers) {
        workers.run(s.batch() * s.height(), (piece, scratch) -> {
            for (int ix = 0; ix < s.width(); ix++) {
                inputPixel(s, piece / s.height(), piece % s.height(), ix, dy, w, dx, accumulation);
            }
        });
    }

    private static void inputPixel(
            ConvolutionShape s, int n, int iy, int ix, float[] dy, float[] w, float[] dx, Accumulation accumulation) {
        int groupIn = s.inChannels() / s.groups();
        int groupOut = s.outChannels() / s.groups();
        int in = ((n * s.height() + iy) * s.width() + ix) * s.inChannels();
        if (!accumulation.adds()) {
            Arrays.fill(dx, in, in + s.inChannels(), 0f);
        }
        for (int ky = 0; ky < s.kernelHeight(); ky++) {
            int strideY = iy + s.padding() - ky;
            for (int kx = 0; kx < s.kernelWidth(); kx++) {
                int strideX = ix + s.padding() - kx;
                if (strideY < 0 || strideY % s.stride() != 0 || strideX < 0 || strideX % s.stride() != 0) {
                    continue;
                }
                int oy = strideY / s.stride();
                int ox = strideX / s.stride();
                if (oy >= s.outHeight() || ox >= s.outWidth()) {
                    continue;
                }
                int out = ((n * s.outHeight() + oy) * s.outWidth() + ox) * s.outChannels();
                for (int group = 0; group < s.groups(); group++) {
                    for (int c = 0; c < groupIn; c++) {
                        int weight = ((ky * s.kernelWidth() + kx) * groupIn + c) * s.outChannels() + group * groupOut;
                        float sum = 0;
                        for (int k = 0; k < groupOut; k++) {
                            sum += dy[out + group * groupOut + k] * w[weight + k];
                        }
                        dx[in + group * groupIn + c] += sum;
                    }
                }
            }
        }
    }

    @Override
    public void backwardWeights(
            ConvolutionShape s, float[] x, float[] dy, LateGradient late, float[] dw, Workers workers) {
        late.computeAll(s.batch() * s.outHeight() * s.outWidth(), s.outChannels(), workers);
        int groupIn = s.inChannels() / s.groups();
        workers.run(s.kernelHeight() * s.kernelWidth() * groupIn, (piece, scratch) -> {
            int place = piece / groupIn;
            weightRow(s, place / s.kernelWidth(), place % s.kernelWidth(), piece % groupIn, x, dy, dw);
        });
    }

    private static void weightRow(ConvolutionShape s, int ky, int kx, int c, float[] x, float[] dy, float[] dw) {
        int groupIn = s.inChannels() / s.groups();
        int groupOut = s.outChannels() / s.groups();
        int weight = ((ky * s.kernelWidth() + kx) * groupIn + c) * s.outChannels();
        for (int n = 0; n < s.batch(); n++) {
            for (int oy = 0; oy < s.outHeight(); oy++) {
                int iy = oy * s.stride() + ky - s.padding();
                for (int ox = 0; ox < s.outWidth(); ox++) {
                    int ix = ox * s.stride() + kx - s.padding();
                    if (iy < 0 || iy >= s.height() || ix < 0 || ix >= s.width()) {
                        continue;
                    }
                    int in = ((n * s.height() + iy) * s.width() + ix) * s.inChannels() + c;
                    int out = ((n * s.outHeight() + oy) * s.outWidth() + ox) * s.outChannels();
                    for (int group = 0; group < s.groups(); group++) {
                        float value = x[in + group * groupIn];
                        for (int k = group * groupOut; k < (group + 1) * groupOut; k++) {
                            dw[weight + k] += value * dy[out + k];
                        }
                    }
                }
            }
        }
    }
}
