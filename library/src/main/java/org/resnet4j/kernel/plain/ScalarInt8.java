package org.resnet4j.kernel.plain;

import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Convolution;
import org.resnet4j.kernel.Int8Epilogue;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.kernel.Int8Weights;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
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
    public int weightBytes() {
        return Byte.BYTES;
    }

    @Override
    public Int8MapKernel maps() {
        return new ScalarInt8Maps();
    }

    /** A convolution of which the weights are not packed. */
    private record Convolution(Int8Weights weights) implements Int8Convolution {
        @Override
        public long bytes() {
            return weights.w().length
                    + 2L * Float.BYTES * weights.epilogue().rescaling().factors().length;
        }

        @Override
        public void run(PaddedPlaces places, byte[] x, byte @Nullable [] residual, byte[] y, Workers workers) {
            Int8Epilogue epilogue = weights.epilogue();
            places.check(epilogue, x, residual, y);
            PaddedImages added = places.residual();
            PaddedImages output = places.y();
            pixels(places.y(), workers, (image, row, column) -> {
                int to = output.position(image, row, column);
                int from = added == null ? 0 : added.position(image, row, column);
                for (int k = 0; k < output.channels(); k++) {
                    byte addend = residual == null ? 0 : residual[from + k];
                    y[to + k] = epilogue.result(sum(places, x, image, row, column, k), k, addend);
                }
            });
        }

        @Override
        public void run(PaddedPlaces places, byte[] x, float[] y, Workers workers) {
            places.check(x, y);
            ConvolutionShape s = places.shape();
            pixels(places.y(), workers, (image, row, column) -> {
                int to = ((image * s.outHeight() + row) * s.outWidth() + column) * s.outChannels();
                for (int k = 0; k < s.outChannels(); k++) {
                    y[to + k] = weights.epilogue().number(sum(places, x, image, row, column, k), k);
                }
            });
        }

        private int sum(PaddedPlaces places, byte[] x, int image, int row, int column, int k) {
            ConvolutionShape s = places.shape();
            PaddedImages input = places.x();
            int groupIn = s.inChannels() / s.groups();
            int group = k / (s.outChannels() / s.groups());
            int sum = 0;
            for (int ky = 0; ky < s.kernelHeight(); ky++) {
                for (int kx = 0; kx < s.kernelWidth(); kx++) {
                    int from = input.position(
                                    image, row * s.stride() + ky - s.padding(), column * s.stride() + kx - s.padding())
                            + group * groupIn;
                    int weight = (ky * s.kernelWidth() + kx) * groupIn * s.outChannels() + k;
                    for (int c = 0; c < groupIn; c++) {
                        sum += (x[from + c] & Int8Rescaling.HIGHEST) * weights.w()[weight + c * s.outChannels()];
                    }
                }
            }
            return sum;
        }
    }

    /** The computation of a pixel of the output. */
    interface Pixel {
        void compute(int image, int row, int column);
    }

    /** Computes all pixels of the output. */
    static void pixels(PaddedImages output, Workers workers, Pixel pixel) {
        int height = output.height();
        workers.run(output.batch() * height, (index, scratch) -> {
            for (int column = 0; column < output.width(); column++) {
                pixel.compute(index / height, index % height, column);
            }
        });
    }
}
