package org.resnet4j.resnet;

import java.util.List;

/** The layers of a {@link TextbookBlock}: loops over arrays, forward and backward. */
final class TextbookLayers {
    private TextbookLayers() {}

    /** A function of a batch {@code [image][row][column][channel]}, which remembers what its derivative needs. */
    interface Step {
        double[][][][] forward(double[][][][] x);

        /** Adds to the gradients of the weights and returns the gradient with respect to x; dy is that for the result. */
        double[][][][] backward(double[][][][] dy);
    }

    /** Steps one after another; their derivatives are computed in reverse order. Without steps, the identity. */
    record Chain(List<Step> steps) implements Step {
        static Chain of(Step... steps) {
            return new Chain(List.of(steps));
        }

        @Override
        public double[][][][] forward(double[][][][] x) {
            double[][][][] y = x;
            for (Step step : steps) {
                y = step.forward(y);
            }
            return y;
        }

        @Override
        public double[][][][] backward(double[][][][] dy) {
            double[][][][] dx = dy;
            for (Step step : steps.reversed()) {
                dx = step.backward(dx);
            }
            return dx;
        }
    }

    /** Convolution with a window {@code w[row][column][in][out]}, zeros around the image, without bias. */
    static final class Convolution implements Step {
        final double[][][][] w;
        final double[][][][] dw;
        private final int stride;
        private double[][][][] x = {};

        Convolution(double[][][][] w, int stride) {
            this.w = w;
            this.dw = zeros(w);
            this.stride = stride;
        }

        @Override
        public double[][][][] forward(double[][][][] input) {
            x = input;
            int rows = Math.ceilDiv(x[0].length, stride);
            int columns = Math.ceilDiv(x[0][0].length, stride);
            var y = new double[x.length][rows][columns][w[0][0][0].length];
            everywhere(y, (n, i, j, out) -> {
                for (int r = 0; r < w.length; r++) {
                    for (int c = 0; c < w[r].length; c++) {
                        double[] pixel = pixel(x[n], i * stride + r - w.length / 2, j * stride + c - w.length / 2);
                        for (int in = 0; in < pixel.length; in++) {
                            y[n][i][j][out] += pixel[in] * w[r][c][in][out];
                        }
                    }
                }
            });
            return y;
        }

        @Override
        public double[][][][] backward(double[][][][] dy) {
            double[][][][] dx = zeros(x);
            everywhere(dy, (n, i, j, out) -> {
                for (int r = 0; r < w.length; r++) {
                    for (int c = 0; c < w[r].length; c++) {
                        double[] pixel = pixel(x[n], i * stride + r - w.length / 2, j * stride + c - w.length / 2);
                        double[] dPixel = pixel(dx[n], i * stride + r - w.length / 2, j * stride + c - w.length / 2);
                        for (int in = 0; in < pixel.length; in++) {
                            dw[r][c][in][out] += dy[n][i][j][out] * pixel[in];
                            dPixel[in] += dy[n][i][j][out] * w[r][c][in][out];
                        }
                    }
                }
            });
            return dx;
        }

        /** Returns the channels of a pixel; none outside the image, where all are zero. */
        private static double[] pixel(double[][][] image, int row, int column) {
            boolean inside = row >= 0 && row < image.length && column >= 0 && column < image[0].length;
            return inside ? image[row][column] : new double[0];
        }
    }

    /** Batch normalization: each channel gets mean 0 and variance 1 over the batch, then scale gamma and shift beta. */
    static final class BatchNormalization implements Step {
        private static final double EPSILON = 1e-5;

        final double[] gamma;
        final double[] beta;
        final double[] dGamma;
        final double[] dBeta;
        private final double[] deviation;
        private double[][][][] normalized = {};

        BatchNormalization(double[] gamma, double[] beta) {
            this.gamma = gamma;
            this.beta = beta;
            dGamma = new double[gamma.length];
            dBeta = new double[gamma.length];
            deviation = new double[gamma.length];
        }

        @Override
        public double[][][][] forward(double[][][][] x) {
            double m = pixels(x);
            var mean = new double[gamma.length];
            var variance = new double[gamma.length];
            everywhere(x, (n, i, j, c) -> mean[c] += x[n][i][j][c] / m);
            everywhere(x, (n, i, j, c) -> variance[c] += Math.pow(x[n][i][j][c] - mean[c], 2) / m);
            normalized = zeros(x);
            double[][][][] y = zeros(x);
            everywhere(x, (n, i, j, c) -> {
                deviation[c] = Math.sqrt(variance[c] + EPSILON);
                normalized[n][i][j][c] = (x[n][i][j][c] - mean[c]) / deviation[c];
                y[n][i][j][c] = gamma[c] * normalized[n][i][j][c] + beta[c];
            });
            return y;
        }

        @Override
        public double[][][][] backward(double[][][][] dy) {
            double m = pixels(dy);
            var sum = new double[gamma.length];
            var product = new double[gamma.length];
            everywhere(dy, (n, i, j, c) -> {
                sum[c] += dy[n][i][j][c];
                product[c] += dy[n][i][j][c] * normalized[n][i][j][c];
            });
            for (int c = 0; c < gamma.length; c++) {
                dBeta[c] += sum[c];
                dGamma[c] += product[c];
            }
            double[][][][] dx = zeros(dy);
            everywhere(
                    dy,
                    (n, i, j, c) -> dx[n][i][j][c] = gamma[c]
                            / deviation[c]
                            * (dy[n][i][j][c] - sum[c] / m - normalized[n][i][j][c] * product[c] / m));
            return dx;
        }

        private static double pixels(double[][][][] x) {
            return (double) x.length * x[0].length * x[0][0].length;
        }
    }

    /** The rectifier: max(x, 0). Its derivative is 1 where x > 0, else 0. */
    static final class Relu implements Step {
        private double[][][][] x = {};

        @Override
        public double[][][][] forward(double[][][][] input) {
            x = input;
            double[][][][] y = zeros(x);
            everywhere(x, (n, i, j, c) -> y[n][i][j][c] = Math.max(x[n][i][j][c], 0));
            return y;
        }

        @Override
        public double[][][][] backward(double[][][][] dy) {
            double[][][][] dx = zeros(dy);
            everywhere(dy, (n, i, j, c) -> dx[n][i][j][c] = x[n][i][j][c] > 0 ? dy[n][i][j][c] : 0);
            return dx;
        }
    }

    /** The shortcut of option A: every stride-th pixel, with zeros as additional channels on both sides. */
    record Padding(int in, int out, int stride, int rows, int columns) implements Step {
        private int before() {
            return (out - in) / 2;
        }

        @Override
        public double[][][][] forward(double[][][][] x) {
            var y = new double[x.length][Math.ceilDiv(rows, stride)][Math.ceilDiv(columns, stride)][out];
            everywhere(y, (n, i, j, c) -> {
                boolean exists = c >= before() && c < before() + in;
                y[n][i][j][c] = exists ? x[n][i * stride][j * stride][c - before()] : 0;
            });
            return y;
        }

        @Override
        public double[][][][] backward(double[][][][] dy) {
            var dx = new double[dy.length][rows][columns][in];
            everywhere(dy, (n, i, j, c) -> {
                if (c >= before() && c < before() + in) {
                    dx[n][i * stride][j * stride][c - before()] = dy[n][i][j][c];
                }
            });
            return dx;
        }
    }

    /** The indices of one number. */
    interface Place {
        void at(int a, int b, int c, int d);
    }

    static void everywhere(double[][][][] array, Place place) {
        for (int a = 0; a < array.length; a++) {
            for (int b = 0; b < array[a].length; b++) {
                for (int c = 0; c < array[a][b].length; c++) {
                    for (int d = 0; d < array[a][b][c].length; d++) {
                        place.at(a, b, c, d);
                    }
                }
            }
        }
    }

    static double[][][][] zeros(double[][][][] like) {
        return new double[like.length][like[0].length][like[0][0].length][like[0][0][0].length];
    }
}
