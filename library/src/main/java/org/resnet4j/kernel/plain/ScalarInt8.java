package org.resnet4j.kernel.plain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ByteImages;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Convolution;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Int8Places;
import org.resnet4j.kernel.Int8Weights;
import org.resnet4j.parallel.Workers;

/** Quantized convolution by its definition. */
final class ScalarInt8 implements Int8Kernel {
    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public Int8Convolution pack(ConvolutionShape shape, Int8Weights weights) {
        weights.check(shape);
        return new Convolution(weights.copy());
    }

    @Override
    public void maxPool(Int8Places places, byte[] x, byte[] y, Workers workers) {
        places.check(x, null, y);
        ConvolutionShape s = places.shape();
        ByteImages output = places.y();
        Convolution.rows(places, workers, (image, row, column) -> {
            int to = image * output.imageBytes() + output.position(row, column);
            Arrays.fill(y, to, to + output.channels(), (byte) 0);
            for (int ky = 0; ky < s.kernelHeight(); ky++) {
                for (int kx = 0; kx < s.kernelWidth(); kx++) {
                    int fromRow = row * s.stride() + ky - s.padding();
                    int fromColumn = column * s.stride() + kx - s.padding();
                    if (fromRow < 0 || fromRow >= s.height() || fromColumn < 0 || fromColumn >= s.width()) {
                        continue;
                    }
                    int from = image * places.x().imageBytes() + places.x().position(fromRow, fromColumn);
                    for (int c = 0; c < output.channels(); c++) {
                        y[to + c] = (byte) Math.max(y[to + c] & Int8Weights.HIGHEST, x[from + c] & Int8Weights.HIGHEST);
                    }
                }
            }
        });
    }

    /** A convolution of which the weights are not packed. */
    private record Convolution(Int8Weights weights) implements Int8Convolution {
        @Override
        public long bytes() {
            return weights.w().length + (long) Float.BYTES * (weights.factors().length + weights.offsets().length);
        }

        @Override
        public void run(Int8Places places, byte[] x, byte @Nullable [] residual, byte[] y, Workers workers) {
            places.check(x, residual, y);
            ByteImages added = places.residual();
            ByteImages output = places.y();
            rows(places, workers, (image, row, column) -> {
                int to = image * output.imageBytes() + output.position(row, column);
                int from = added == null ? 0 : image * added.imageBytes() + added.position(row, column);
                for (int k = 0; k < output.channels(); k++) {
                    float result = weights.result(sum(places, x, image, row, column, k), k);
                    y[to + k] = weights.rounded(residual == null ? result : weights.added(result, residual[from + k]));
                }
            });
        }

        @Override
        public void run(Int8Places places, byte[] x, float[] y, Workers workers) {
            places.check(x, y);
            ConvolutionShape s = places.shape();
            rows(places, workers, (image, row, column) -> {
                int to = ((image * s.outHeight() + row) * s.outWidth() + column) * s.outChannels();
                for (int k = 0; k < s.outChannels(); k++) {
                    y[to + k] = weights.result(sum(places, x, image, row, column, k), k);
                }
            });
        }

        /** The computation of a pixel of the output. */
        private interface Pixel {
            void compute(int image, int row, int column);
        }

        private static void rows(Int8Places places, Workers workers, Pixel pixel) {
            int height = places.y().height();
            workers.run(places.y().batch() * height, (index, scratch) -> {
                for (int column = 0; column < places.y().width(); column++) {
                    pixel.compute(index / height, index % height, column);
                }
            });
        }

        private int sum(Int8Places places, byte[] x, int image, int row, int column, int k) {
            ConvolutionShape s = places.shape();
            ByteImages input = places.x();
            int groupIn = s.inChannels() / s.groups();
            int group = k / (s.outChannels() / s.groups());
            int sum = 0;
            for (int ky = 0; ky < s.kernelHeight(); ky++) {
                for (int kx = 0; kx < s.kernelWidth(); kx++) {
                    int from = image * input.imageBytes()
                            + input.position(
                                    row * s.stride() + ky - s.padding(), column * s.stride() + kx - s.padding())
                            + group * groupIn;
                    int weight = (ky * s.kernelWidth() + kx) * groupIn * s.outChannels() + k;
                    for (int c = 0; c < groupIn; c++) {
                        sum += (x[from + c] & Int8Weights.HIGHEST) * weights.w()[weight + c * s.outChannels()];
                    }
                }
            }
            return sum;
        }
    }
}
