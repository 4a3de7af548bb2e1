package org.resnet4j.kernel.vector;

import static org.resnet4j.kernel.vector.product.VectorFma.fma;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
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
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * Quantized convolution in float32. Products of bytes are integers, and so are sums of them; below 2<sup>24</sup> a float
 * holds them exactly, so that longer sums are split, and their parts are added as integers.
 */
final class VectorInt8 implements Int8Kernel {
    private static final VectorSpecies<Float> SPECIES = VectorTiles.SPECIES;
    private static final VectorSpecies<Integer> INTS = SPECIES.vectorShape().withLanes(int.class);
    private static final int LANES = VectorTiles.LANES;

    /** The pixels of a tile. */
    private static final int ROWS = 4;

    /** The columns of a tile: two vectors of output channels. */
    private static final int COLUMNS = 2 * LANES;

    /** The most products that a float sums exactly. */
    private static final int EXACT = (1 << 24) / (Int8Rescaling.HIGHEST * -Byte.MIN_VALUE);

    private static final Scratch.Floats INPUT = new Scratch.Floats();
    private static final Scratch.Ints SUMS = new Scratch.Ints();

    @Override
    public String name() {
        return VectorTiles.NAME;
    }

    @Override
    public Int8Convolution pack(ConvolutionShape shape, Int8Weights weights) {
        weights.check(shape);
        int depth = shape.weightSize() / shape.outChannels();
        int groupOut = shape.outChannels() / shape.groups();
        int panels = Math.ceilDiv(groupOut, COLUMNS);
        var packed = new float[shape.groups() * panels * depth * COLUMNS];
        for (int group = 0; group < shape.groups(); group++) {
            for (int k = 0; k < groupOut; k++) {
                int to = ((group * panels + k / COLUMNS) * depth) * COLUMNS + k % COLUMNS;
                for (int d = 0; d < depth; d++) {
                    packed[to + d * COLUMNS] = weights.w()[d * shape.outChannels() + group * groupOut + k];
                }
            }
        }
        return new Convolution(weights.epilogue().copy(), packed, depth, panels);
    }

    @Override
    public int weightBytes() {
        return Float.BYTES;
    }

    @Override
    public Int8MapKernel maps() {
        return new VectorInt8Maps();
    }

    /**
     * A packed convolution.
     *
     * @param packed {@code [groups, panels, depth, COLUMNS]}
     */
    private record Convolution(Int8Epilogue epilogue, float[] packed, int depth, int panels)
            implements Int8Convolution {
        /** The use of the sums of a pixel. */
        private interface Sums {
            /**
             * @param pixel the pixel of the output, counted over all images
             * @param sums the array with the sums of the output channels from {@code firstChannel}
             */
            void finish(int pixel, int firstChannel, int count, int[] sums, int from);
        }

        @Override
        public long bytes() {
            return Float.BYTES * (packed.length + 2L * epilogue.rescaling().factors().length);
        }

        @Override
        public void run(PaddedPlaces places, byte[] x, byte @Nullable [] residual, byte[] y, Workers workers) {
            places.check(epilogue, x, residual, y);
            PaddedImages output = places.y();
            PaddedImages added = places.residual();
            run(places, x, workers, (pixel, first, count, sums, from) -> {
                int to = output.position(pixel) + first;
                int addend = added == null ? 0 : added.position(pixel) + first;
                for (int k = 0; k < count; k++) {
                    y[to + k] = epilogue.result(sums[from + k], first + k, residual == null ? 0 : residual[addend + k]);
                }
            });
        }

        @Override
        public void run(PaddedPlaces places, byte[] x, float[] y, Workers workers) {
            places.check(x, y);
            int channels = places.shape().outChannels();
            run(places, x, workers, (pixel, first, count, sums, from) -> {
                for (int k = 0; k < count; k++) {
                    y[pixel * channels + first + k] = epilogue.number(sums[from + k], first + k);
                }
            });
        }

        private void run(PaddedPlaces places, byte[] x, Workers workers, Sums use) {
            ConvolutionShape s = places.shape();
            int pixels = s.batch() * s.outHeight() * s.outWidth();
            int tiles = Math.ceilDiv(pixels, ROWS);
            workers.run(tiles * s.groups(), (index, scratch) -> {
                int group = index % s.groups();
                int first = index / s.groups() * ROWS;
                float[] input = scratch.get(INPUT, ROWS * depth);
                for (int m = 0; m < ROWS; m++) {
                    gather(places, x, Math.min(first + m, pixels - 1), group, input, m * depth);
                }
                columns(s, group, first, input, scratch.get(SUMS, ROWS * COLUMNS), use);
            });
        }

        /** Computes the output channels of a group for a tile of pixels. */
        private void columns(ConvolutionShape s, int group, int first, float[] input, int[] sums, Sums use) {
            int pixels = s.batch() * s.outHeight() * s.outWidth();
            int groupOut = s.outChannels() / s.groups();
            for (int panel = 0; panel < panels; panel++) {
                int weight = (group * panels + panel) * depth * COLUMNS;
                for (int from = 0; from < depth; from += EXACT) {
                    tile(input, from, Math.min(depth, from + EXACT), weight, sums);
                }
                int channel = panel * COLUMNS;
                int count = Math.min(COLUMNS, groupOut - channel);
                for (int m = 0; m < Math.min(ROWS, pixels - first); m++) {
                    use.finish(first + m, group * groupOut + channel, count, sums, m * COLUMNS);
                }
            }
        }

        /** Converts the input of an output pixel to floats, in the order of the weights. */
        private static void gather(PaddedPlaces places, byte[] x, int pixel, int group, float[] input, int at) {
            ConvolutionShape s = places.shape();
            PaddedImages images = places.x();
            int groupIn = s.inChannels() / s.groups();
            int column = pixel % s.outWidth() * s.stride() - s.padding();
            int row = pixel / s.outWidth() % s.outHeight() * s.stride() - s.padding();
            int image = pixel / s.outWidth() / s.outHeight() * images.imageLength() + group * groupIn;
            int to = at;
            for (int ky = 0; ky < s.kernelHeight(); ky++) {
                for (int kx = 0; kx < s.kernelWidth(); kx++) {
                    int from = image + images.position(row + ky, column + kx);
                    for (int c = 0; c < groupIn; c++) {
                        input[to++] = x[from + c] & Int8Rescaling.HIGHEST;
                    }
                }
            }
        }

        /** Adds a part of the sums of a tile; the first part replaces what was there. */
        private void tile(float[] input, int from, int to, int weight, int[] sums) {
            var zero = FloatVector.zero(SPECIES);
            FloatVector s00 = zero, s01 = zero, s10 = zero, s11 = zero;
            FloatVector s20 = zero, s21 = zero, s30 = zero, s31 = zero;
            for (int d = from; d < to; d++) {
                var w0 = FloatVector.fromArray(SPECIES, packed, weight + d * COLUMNS);
                var w1 = FloatVector.fromArray(SPECIES, packed, weight + d * COLUMNS + LANES);
                var x0 = FloatVector.broadcast(SPECIES, input[d]);
                var x1 = FloatVector.broadcast(SPECIES, input[depth + d]);
                var x2 = FloatVector.broadcast(SPECIES, input[2 * depth + d]);
                var x3 = FloatVector.broadcast(SPECIES, input[3 * depth + d]);
                s00 = fma(x0, w0, s00);
                s01 = fma(x0, w1, s01);
                s10 = fma(x1, w0, s10);
                s11 = fma(x1, w1, s11);
                s20 = fma(x2, w0, s20);
                s21 = fma(x2, w1, s21);
                s30 = fma(x3, w0, s30);
                s31 = fma(x3, w1, s31);
            }
            boolean adds = from > 0;
            add(s00, adds, sums, 0);
            add(s01, adds, sums, LANES);
            add(s10, adds, sums, COLUMNS);
            add(s11, adds, sums, COLUMNS + LANES);
            add(s20, adds, sums, 2 * COLUMNS);
            add(s21, adds, sums, 2 * COLUMNS + LANES);
            add(s30, adds, sums, 3 * COLUMNS);
            add(s31, adds, sums, 3 * COLUMNS + LANES);
        }

        private static void add(FloatVector part, boolean adds, int[] sums, int at) {
            var integers = (IntVector) part.convert(VectorOperators.F2I, 0);
            (adds ? integers.add(IntVector.fromArray(INTS, sums, at)) : integers).intoArray(sums, at);
        }
    }
}
