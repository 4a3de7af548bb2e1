package org.resnet4j.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.BFloat16;
import org.resnet4j.kernel.BFloat16Convolution;
import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.BFloat16Weights;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/** Kernels for bfloat16, which compute on floats. */
final class VectorBFloat16 implements BFloat16Kernel {
    private static final VectorSpecies<Float> SPECIES = VectorTiles.SPECIES;
    private static final int LANES = VectorTiles.LANES;
    private static final VectorSpecies<Short> SHORTS = SPECIES.withLanes(short.class);

    /** The pixels of a tile. */
    private static final int ROWS = 4;

    /** The columns of a tile: two vectors of output channels. */
    private static final int COLUMNS = 2 * LANES;

    private static final Scratch.Floats INPUT = new Scratch.Floats();
    private static final Scratch.Floats SUMS = new Scratch.Floats();

    @Override
    public String name() {
        return VectorTiles.NAME;
    }

    @Override
    public BFloat16Convolution pack(ConvolutionShape shape, BFloat16Weights weights) {
        weights.check(shape);
        int groupIn = shape.inChannels() / shape.groups();
        int groupOut = shape.outChannels() / shape.groups();
        int depth = shape.weightSize() / shape.outChannels();
        int panels = Math.ceilDiv(groupOut, COLUMNS);
        var packed = new float[shape.groups() * panels * depth * COLUMNS];
        for (int group = 0; group < shape.groups(); group++) {
            int[] order = BFloat16.order(group * groupIn, groupIn);
            for (int k = 0; k < groupOut; k++) {
                int to = ((group * panels + k / COLUMNS) * depth) * COLUMNS + k % COLUMNS;
                for (int d = 0; d < depth; d++) {
                    int from = d - d % groupIn + order[d % groupIn];
                    packed[to + d * COLUMNS] =
                            BFloat16.factor(weights.w()[from * shape.outChannels() + group * groupOut + k]);
                }
            }
        }
        return new Convolution(
                new BFloat16Weights(new short[0], weights.bias().clone(), weights.activation()), packed, depth, panels);
    }

    @Override
    public void maxPool(PaddedPlaces places, short[] x, short[] y, Workers workers) {
        places.check(x, null, y);
        ConvolutionShape s = places.shape();
        int height = s.outHeight();
        workers.run(s.batch() * height, (index, scratch) -> {
            for (int column = 0; column < s.outWidth(); column++) {
                maxPool(places, x, y, index / height, index % height, column);
            }
        });
    }

    /** Computes the maxima of a pixel. */
    private static void maxPool(PaddedPlaces places, short[] x, short[] y, int image, int row, int column) {
        ConvolutionShape s = places.shape();
        PaddedImages input = places.x();
        int firstRow = Math.max(0, row * s.stride() - s.padding());
        int rows = Math.min(s.height(), row * s.stride() - s.padding() + s.kernelHeight()) - firstRow;
        int firstColumn = Math.max(0, column * s.stride() - s.padding());
        int columns = Math.min(s.width(), column * s.stride() - s.padding() + s.kernelWidth()) - firstColumn;
        int from = input.position(image, firstRow, firstColumn);
        int to = places.y().position(image, row, column);
        int channels = s.outChannels();
        int c = 0;
        for (; c + SHORTS.length() <= channels; c += SHORTS.length()) {
            var most = ShortVector.broadcast(SHORTS, Short.MIN_VALUE);
            for (int r = 0; r < rows; r++) {
                for (int k = 0; k < columns; k++) {
                    int at = from + r * input.rowLength() + k * input.pixelLength() + c;
                    var number = ShortVector.fromArray(SHORTS, x, at);
                    most = most.max(rank(number));
                }
            }
            ofRank(most).intoArray(y, to + c);
        }
        for (; c < channels; c++) {
            short most = Short.MIN_VALUE;
            for (int r = 0; r < rows; r++) {
                for (int k = 0; k < columns; k++) {
                    int at = from + r * input.rowLength() + k * input.pixelLength() + c;
                    most = (short) Math.max(most, BFloat16.rank(x[at]));
                }
            }
            y[to + c] = BFloat16.ofRank(most);
        }
    }

    /** Returns the ranks of numbers ({@link BFloat16#rank}). */
    static ShortVector rank(ShortVector numbers) {
        return turned(numbers).sub((short) BFloat16.NEGATIVE_NANS);
    }

    /** Returns the numbers of ranks. */
    static ShortVector ofRank(ShortVector ranks) {
        return turned(ranks.add((short) BFloat16.NEGATIVE_NANS));
    }

    /** Inverts the magnitudes of negative numbers. */
    private static ShortVector turned(ShortVector numbers) {
        var negative = numbers.lanewise(VectorOperators.ASHR, Short.SIZE - 1);
        return numbers.lanewise(VectorOperators.XOR, negative.and(Short.MAX_VALUE));
    }

    @Override
    public void round(float[] from, int source, short[] to, int target, int count) {
        int vectors = count - count % LANES;
        for (int i = 0; i < vectors; i += LANES) {
            VectorPairs.rounded(FloatVector.fromArray(SPECIES, from, source + i))
                    .intoArray(to, target + i);
        }
        BFloat16.round(from, source + vectors, to, target + vectors, count - vectors);
    }

    /**
     * A packed convolution.
     *
     * @param end what follows the sums
     * @param packed {@code [groups, panels, depth, COLUMNS]}, in the order in which products are added
     */
    private record Convolution(BFloat16Weights end, float[] packed, int depth, int panels)
            implements BFloat16Convolution {
        /** The use of the sums of a pixel. */
        private interface Sums {
            /**
             * @param pixel the pixel of the output, counted over all images
             * @param sums the array with the sums of the output channels from {@code firstChannel}
             */
            void finish(int pixel, int firstChannel, int count, float[] sums, int from);
        }

        @Override
        public long bytes() {
            return (long) Float.BYTES * (packed.length + end.bias().length);
        }

        @Override
        public void run(PaddedPlaces places, short[] x, short @Nullable [] residual, short[] y, Workers workers) {
            places.check(x, residual, y);
            PaddedImages output = places.y();
            PaddedImages added = places.residual();
            run(places, x, workers, (pixel, first, count, sums, from) -> {
                int to = output.position(pixel) + first;
                int addend = added == null ? 0 : added.position(pixel) + first;
                for (int k = 0; k < count; k++) {
                    float result = residual == null
                            ? end.result(sums[from + k], first + k)
                            : end.result(sums[from + k], first + k, BFloat16.toFloat(residual[addend + k]));
                    y[to + k] = BFloat16.of(result);
                }
            });
        }

        @Override
        public void run(PaddedPlaces places, short[] x, float[] y, Workers workers) {
            places.check(x, y);
            int channels = places.shape().outChannels();
            run(places, x, workers, (pixel, first, count, sums, from) -> {
                for (int k = 0; k < count; k++) {
                    y[pixel * channels + first + k] = end.result(sums[from + k], first + k);
                }
            });
        }

        private void run(PaddedPlaces places, short[] x, Workers workers, Sums use) {
            ConvolutionShape s = places.shape();
            int groupIn = s.inChannels() / s.groups();
            int pixels = s.batch() * s.outHeight() * s.outWidth();
            int tiles = Math.ceilDiv(pixels, ROWS);
            workers.run(tiles * s.groups(), (index, scratch) -> {
                int group = index % s.groups();
                int first = index / s.groups() * ROWS;
                int[] order = BFloat16.order(group * groupIn, groupIn);
                float[] input = scratch.get(INPUT, ROWS * depth);
                for (int m = 0; m < ROWS; m++) {
                    gather(places, x, Math.min(first + m, pixels - 1), group, order, input, m * depth);
                }
                columns(s, group, first, input, scratch.get(SUMS, ROWS * COLUMNS), use);
            });
        }

        /** Computes the output channels of a group for a tile of pixels. */
        private void columns(ConvolutionShape s, int group, int first, float[] input, float[] sums, Sums use) {
            int pixels = s.batch() * s.outHeight() * s.outWidth();
            int groupOut = s.outChannels() / s.groups();
            for (int panel = 0; panel < panels; panel++) {
                tile(input, (group * panels + panel) * depth * COLUMNS, sums);
                int channel = panel * COLUMNS;
                int count = Math.min(COLUMNS, groupOut - channel);
                for (int m = 0; m < Math.min(ROWS, pixels - first); m++) {
                    use.finish(first + m, group * groupOut + channel, count, sums, m * COLUMNS);
                }
            }
        }

        /** Converts the input of an output pixel to floats, in the order of the weights. */
        private static void gather(
                PaddedPlaces places, short[] x, int pixel, int group, int[] order, float[] input, int at) {
            ConvolutionShape s = places.shape();
            PaddedImages images = places.x();
            int column = pixel % s.outWidth() * s.stride() - s.padding();
            int row = pixel / s.outWidth() % s.outHeight() * s.stride() - s.padding();
            int image = pixel / s.outWidth() / s.outHeight() * images.imageLength() + group * order.length;
            int to = at;
            for (int ky = 0; ky < s.kernelHeight(); ky++) {
                for (int kx = 0; kx < s.kernelWidth(); kx++) {
                    int from = image + images.position(row + ky, column + kx);
                    for (int c : order) {
                        input[to++] = BFloat16.factor(x[from + c]);
                    }
                }
            }
        }

        private void tile(float[] input, int weight, float[] sums) {
            var zero = FloatVector.zero(SPECIES);
            FloatVector s00 = zero, s01 = zero, s10 = zero, s11 = zero;
            FloatVector s20 = zero, s21 = zero, s30 = zero, s31 = zero;
            for (int d = 0; d < depth; d++) {
                var w0 = FloatVector.fromArray(SPECIES, packed, weight + d * COLUMNS);
                var w1 = FloatVector.fromArray(SPECIES, packed, weight + d * COLUMNS + LANES);
                var x0 = FloatVector.broadcast(SPECIES, input[d]);
                var x1 = FloatVector.broadcast(SPECIES, input[depth + d]);
                var x2 = FloatVector.broadcast(SPECIES, input[2 * depth + d]);
                var x3 = FloatVector.broadcast(SPECIES, input[3 * depth + d]);
                s00 = flushed(x0.fma(w0, s00));
                s01 = flushed(x0.fma(w1, s01));
                s10 = flushed(x1.fma(w0, s10));
                s11 = flushed(x1.fma(w1, s11));
                s20 = flushed(x2.fma(w0, s20));
                s21 = flushed(x2.fma(w1, s21));
                s30 = flushed(x3.fma(w0, s30));
                s31 = flushed(x3.fma(w1, s31));
            }
            s00.intoArray(sums, 0);
            s01.intoArray(sums, LANES);
            s10.intoArray(sums, COLUMNS);
            s11.intoArray(sums, COLUMNS + LANES);
            s20.intoArray(sums, 2 * COLUMNS);
            s21.intoArray(sums, 2 * COLUMNS + LANES);
            s30.intoArray(sums, 3 * COLUMNS);
            s31.intoArray(sums, 3 * COLUMNS + LANES);
        }

        /** Returns numbers, with zero of the same sign for denormal ones. */
        private static FloatVector flushed(FloatVector numbers) {
            return numbers.mul(0f, numbers.abs().compare(VectorOperators.LT, Float.MIN_NORMAL));
        }
    }
}
