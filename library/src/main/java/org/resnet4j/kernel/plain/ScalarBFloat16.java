package org.resnet4j.kernel.plain;

import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.BFloat16;
import org.resnet4j.kernel.BFloat16Convolution;
import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.BFloat16Weights;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.parallel.Workers;

/** Kernels for bfloat16 by their definitions. */
final class ScalarBFloat16 implements BFloat16Kernel {
    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public BFloat16Convolution pack(ConvolutionShape shape, BFloat16Weights weights) {
        weights.check(shape);
        return new Convolution(weights.copy());
    }

    /** A convolution of which the weights are not packed. */
    private record Convolution(BFloat16Weights weights) implements BFloat16Convolution {
        @Override
        public long bytes() {
            return (long) Short.BYTES * weights.w().length + (long) Float.BYTES * weights.bias().length;
        }

        @Override
        public void run(PaddedPlaces places, short[] x, short @Nullable [] residual, short[] y, Workers workers) {
            places.check(x, residual, y);
            PaddedImages added = places.residual();
            PaddedImages output = places.y();
            ScalarInt8.pixels(output, workers, (image, row, column) -> {
                int to = output.position(image, row, column);
                int from = added == null ? 0 : added.position(image, row, column);
                for (int k = 0; k < output.channels(); k++) {
                    float sum = sum(places, x, image, row, column, k);
                    float result = residual == null
                            ? weights.result(sum, k)
                            : weights.result(sum, k, BFloat16.toFloat(residual[from + k]));
                    y[to + k] = BFloat16.of(result);
                }
            });
        }

        @Override
        public void run(PaddedPlaces places, short[] x, float[] y, Workers workers) {
            places.check(x, y);
            ConvolutionShape s = places.shape();
            ScalarInt8.pixels(places.y(), workers, (image, row, column) -> {
                int to = ((image * s.outHeight() + row) * s.outWidth() + column) * s.outChannels();
                for (int k = 0; k < s.outChannels(); k++) {
                    y[to + k] = weights.result(sum(places, x, image, row, column, k), k);
                }
            });
        }

        private float sum(PaddedPlaces places, short[] x, int image, int row, int column, int k) {
            ConvolutionShape s = places.shape();
            PaddedImages input = places.x();
            int groupIn = s.inChannels() / s.groups();
            int first = k / (s.outChannels() / s.groups()) * groupIn;
            int[] order = BFloat16.order(first, groupIn);
            float sum = 0;
            for (int ky = 0; ky < s.kernelHeight(); ky++) {
                for (int kx = 0; kx < s.kernelWidth(); kx++) {
                    int from = input.position(
                                    image, row * s.stride() + ky - s.padding(), column * s.stride() + kx - s.padding())
                            + first;
                    int weight = (ky * s.kernelWidth() + kx) * groupIn * s.outChannels() + k;
                    for (int c : order) {
                        sum = BFloat16.multiplyAdd(x[from + c], weights.w()[weight + c * s.outChannels()], sum);
                    }
                }
            }
            return sum;
        }
    }

    @Override
    public void maxPool(PaddedPlaces places, short[] x, short[] y, Workers workers) {
        places.check(x, null, y);
        ConvolutionShape s = places.shape();
        PaddedImages input = places.x();
        PaddedImages output = places.y();
        ScalarInt8.pixels(output, workers, (image, row, column) -> {
            int to = output.position(image, row, column);
            int firstRow = Math.max(0, row * s.stride() - s.padding());
            int endRow = Math.min(s.height(), row * s.stride() - s.padding() + s.kernelHeight());
            int firstColumn = Math.max(0, column * s.stride() - s.padding());
            int endColumn = Math.min(s.width(), column * s.stride() - s.padding() + s.kernelWidth());
            for (int c = 0; c < output.channels(); c++) {
                short most = Short.MIN_VALUE;
                for (int r = firstRow; r < endRow; r++) {
                    for (int k = firstColumn; k < endColumn; k++) {
                        most = (short) Math.max(most, BFloat16.rank(x[input.position(image, r, k) + c]));
                    }
                }
                y[to + c] = BFloat16.ofRank(most);
            }
        });
    }

    @Override
    public void round(float[] from, int source, short[] to, int target, int count) {
        BFloat16.round(from, source, to, target, count);
    }
}
