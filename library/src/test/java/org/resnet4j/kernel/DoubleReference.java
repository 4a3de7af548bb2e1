package org.resnet4j.kernel;

import java.util.Arrays;

/** The functions of a network by their definitions, in double precision and in plain loops. */
public final class DoubleReference {
    private static final double EPSILON = 1e-5f;

    private DoubleReference() {}

    /** Returns the first {@code length} elements. */
    public static double[] widen(float[] array, int length) {
        double[] wide = new double[length];
        for (int i = 0; i < length; i++) {
            wide[i] = array[i];
        }
        return wide;
    }

    /** Returns all elements. */
    public static double[] widen(float[] array) {
        return widen(array, array.length);
    }

    private interface Product {
        void at(int x, int w, int y);
    }

    /** Visits every product in the sums of a convolution. */
    private static void products(ConvolutionShape s, Product product) {
        int groupIn = s.inChannels() / s.groups();
        int groupOut = s.outChannels() / s.groups();
        for (int n = 0; n < s.batch(); n++) {
            for (int oy = 0; oy < s.outHeight(); oy++) {
                for (int ox = 0; ox < s.outWidth(); ox++) {
                    for (int ky = 0; ky < s.kernelHeight(); ky++) {
                        for (int kx = 0; kx < s.kernelWidth(); kx++) {
                            int iy = oy * s.stride() + ky - s.padding();
                            int ix = ox * s.stride() + kx - s.padding();
                            if (iy < 0 || iy >= s.height() || ix < 0 || ix >= s.width()) {
                                continue;
                            }
                            int y = ((n * s.outHeight() + oy) * s.outWidth() + ox) * s.outChannels();
                            int x = ((n * s.height() + iy) * s.width() + ix) * s.inChannels();
                            int w = (ky * s.kernelWidth() + kx) * groupIn * s.outChannels();
                            for (int k = 0; k < s.outChannels(); k++) {
                                for (int c = 0; c < groupIn; c++) {
                                    product.at(x + k / groupOut * groupIn + c, w + c * s.outChannels() + k, y + k);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /** Returns {@code y} of a convolution. */
    public static double[] convolution(ConvolutionShape shape, double[] x, double[] w) {
        double[] result = new double[shape.outputSize()];
        products(shape, (xi, wi, yi) -> result[yi] += x[xi] * w[wi]);
        return result;
    }

    /** Returns {@code dx} of a convolution. */
    public static double[] convolutionDataGradient(ConvolutionShape shape, double[] dy, double[] w) {
        double[] result = new double[shape.inputSize()];
        products(shape, (xi, wi, yi) -> result[xi] += dy[yi] * w[wi]);
        return result;
    }

    /** Returns {@code dw} of a convolution. */
    public static double[] convolutionWeightGradient(ConvolutionShape shape, double[] x, double[] dy) {
        double[] result = new double[shape.weightSize()];
        products(shape, (xi, wi, yi) -> result[wi] += x[xi] * dy[yi]);
        return result;
    }

    /** Returns the mean of each channel. */
    public static double[] mean(int channels, double[] x) {
        double[] mean = new double[channels];
        for (int i = 0; i < x.length; i++) {
            mean[i % channels] += x[i] * channels / x.length;
        }
        return mean;
    }

    /** Returns the biased variance of each channel. */
    public static double[] variance(int channels, double[] x) {
        double[] mean = mean(channels, x);
        double[] variance = new double[channels];
        for (int i = 0; i < x.length; i++) {
            double distance = x[i] - mean[i % channels];
            variance[i % channels] += distance * distance * channels / x.length;
        }
        return variance;
    }

    /** Returns batch normalization by given statistics. */
    public static double[] normalize(double[] x, double[] mean, double[] variance, double[] gamma, double[] beta) {
        int channels = gamma.length;
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int c = i % channels;
            y[i] = (x[i] - mean[c]) / Math.sqrt(variance[c] + EPSILON) * gamma[c] + beta[c];
        }
        return y;
    }

    /** Returns batch normalization by the statistics of the batch. */
    public static double[] batchNorm(double[] x, double[] gamma, double[] beta) {
        int channels = gamma.length;
        return normalize(x, mean(channels, x), variance(channels, x), gamma, beta);
    }

    /** Returns the sum of two arrays. */
    public static double[] add(double[] a, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    /** Returns {@code max(0, x)}. */
    public static double[] relu(double[] x) {
        return Arrays.stream(x).map(value -> Math.max(0, value)).toArray();
    }

    /** Returns the maximum of each window; positions outside the image are ignored. */
    public static double[] maxPool(ConvolutionShape s, double[] x) {
        double[] y = new double[s.outputSize()];
        Arrays.fill(y, Double.NEGATIVE_INFINITY);
        int channels = s.inChannels();
        for (int i = 0; i < y.length; i++) {
            int c = i % channels;
            int ox = i / channels % s.outWidth();
            int oy = i / channels / s.outWidth() % s.outHeight();
            int n = i / channels / s.outWidth() / s.outHeight();
            for (int iy = oy * s.stride() - s.padding(); iy < oy * s.stride() - s.padding() + s.kernelHeight(); iy++) {
                for (int ix = ox * s.stride() - s.padding();
                        ix < ox * s.stride() - s.padding() + s.kernelWidth();
                        ix++) {
                    if (iy >= 0 && iy < s.height() && ix >= 0 && ix < s.width()) {
                        y[i] = Math.max(y[i], x[((n * s.height() + iy) * s.width() + ix) * channels + c]);
                    }
                }
            }
        }
        return y;
    }

    /** Returns the means over the pixels of each image. */
    public static double[] averagePool(int batch, int pixels, int channels, double[] x) {
        double[] y = new double[batch * channels];
        for (int i = 0; i < x.length; i++) {
            y[i / (pixels * channels) * channels + i % channels] += x[i] / pixels;
        }
        return y;
    }

    /** Returns the means over cells of {@code stride x stride} pixels; cells at the border have fewer. */
    public static double[] cells(ConvolutionShape s, double[] x) {
        int channels = s.inChannels();
        double[] y = new double[s.outputSize()];
        for (int i = 0; i < y.length; i++) {
            int c = i % channels;
            int ox = i / channels % s.outWidth();
            int oy = i / channels / s.outWidth() % s.outHeight();
            int n = i / channels / s.outWidth() / s.outHeight();
            int count = 0;
            for (int row = oy * s.stride(); row < Math.min(s.height(), (oy + 1) * s.stride()); row++) {
                for (int column = ox * s.stride(); column < Math.min(s.width(), (ox + 1) * s.stride()); column++) {
                    y[i] += x[((n * s.height() + row) * s.width() + column) * channels + c];
                    count++;
                }
            }
            y[i] /= count;
        }
        return y;
    }

    /** Returns every stride-th pixel, with its channels centered between channels of zeros. */
    public static double[] subsample(ConvolutionShape s, double[] x) {
        double[] y = new double[s.outputSize()];
        int before = (s.outChannels() - s.inChannels()) / 2;
        for (int i = 0; i < y.length; i++) {
            int c = i % s.outChannels() - before;
            int ox = i / s.outChannels() % s.outWidth();
            int oy = i / s.outChannels() / s.outWidth() % s.outHeight();
            int n = i / s.outChannels() / s.outWidth() / s.outHeight();
            if (c >= 0 && c < s.inChannels()) {
                y[i] = x[((n * s.height() + oy * s.stride()) * s.width() + ox * s.stride()) * s.inChannels() + c];
            }
        }
        return y;
    }

    /** Returns {@code x · w + bias}, where {@code w} is [in, out]. */
    public static double[] linear(double[] x, double[] w, double[] bias) {
        int out = bias.length;
        int in = w.length / out;
        double[] y = new double[x.length / in * out];
        for (int i = 0; i < y.length; i++) {
            y[i] = bias[i % out];
            for (int c = 0; c < in; c++) {
                y[i] += x[i / out * in + c] * w[c * out + i % out];
            }
        }
        return y;
    }

    /** Returns the scalar product. */
    public static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
