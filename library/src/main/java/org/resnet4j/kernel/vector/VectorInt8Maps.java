package org.resnet4j.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.FusedMultiplyAdd;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.kernel.plain.ScalarInt8Maps;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Workers;

/** Pooling and rescaling of quantized images, one vector of channels at a time. */
final class VectorInt8Maps implements Int8MapKernel {
    /** Vectors of 16 bytes, because few channels are common. */
    private static final VectorSpecies<Byte> WHOLE = ByteVector.SPECIES_128;

    private static final VectorSpecies<Float> FLOATS = VectorTiles.SPECIES;
    private static final VectorSpecies<Integer> INTS = FLOATS.vectorShape().withLanes(int.class);
    private static final int LANES = VectorTiles.LANES;

    /** The least bytes of a vector. */
    private static final int FEWEST = ByteVector.SPECIES_64.length();

    /** False where vectors of floats have fewer lanes, or are not multiplied and added as exactly as single floats. */
    private static final boolean HAS_FLOATS = LANES >= FEWEST && FusedMultiplyAdd.IS_INSTRUCTION;

    /** A byte for each lane of {@link #FLOATS}. */
    private static final VectorSpecies<Byte> BYTES =
            VectorShape.forBitSize(Byte.SIZE * Math.max(LANES, FEWEST)).withLanes(byte.class);

    /** Floats of this size have no fractions, so adding it rounds half to even; their last byte is that of the result. */
    private static final float ROUNDING = 3 << 22;

    /** The bits of the largest byte as a float. */
    private static final int HIGHEST = Float.floatToRawIntBits(Int8Rescaling.HIGHEST);

    /** The channels of a piece: those of a line of the cache. */
    private static final int PIECE = 64;

    private final ScalarInt8Maps plain = new ScalarInt8Maps();

    /**
     * Pixels at equal distances in an array.
     *
     * @param at the first one
     * @param step the distance
     */
    private record Line(byte[] array, int at, int step) {
        static Line of(byte[] array, PaddedImages images, int image, int row) {
            return new Line(array, images.position(image, row, 0), images.pixelLength());
        }

        FloatVector floats(int pixel, int channel) {
            return (FloatVector) ints(array, at + pixel * step + channel).convert(VectorOperators.I2F, 0);
        }

        byte number(int pixel, int channel) {
            return array[at + pixel * step + channel];
        }
    }

    /** Returns the channels that are computed in vectors. */
    private static int vectorized(int channels) {
        return channels - channels % LANES;
    }

    private static IntVector ints(byte[] x, int at) {
        return (IntVector) ByteVector.fromArray(BYTES, x, at).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    /**
     * Limits results and rounds them: in this order or the other, because the limits are integers. The bits of floats
     * that are not negative are in the order of the floats, and those of negative floats are negative integers. A maximum
     * of integers is one instruction, one of floats several.
     *
     * @param lowest the bits of the lowest result
     */
    private static void store(FloatVector results, int lowest, byte[] y, int at) {
        var limited = results.reinterpretAsInts().max(lowest).min(HIGHEST).reinterpretAsFloats();
        var rounded = limited.add(ROUNDING).reinterpretAsInts().convertShape(VectorOperators.I2B, BYTES, 0);
        ((ByteVector) rounded).intoArray(y, at);
    }

    @Override
    public void maxPool(PaddedPlaces places, byte[] x, byte[] y, Workers workers) {
        places.check(x, null, y);
        ConvolutionShape s = places.shape();
        int height = s.outHeight();
        workers.run(s.batch() * height, (index, scratch) -> {
            for (int column = 0; column < s.outWidth(); column++) {
                maxPool(places, x, y, index / height, index % height, column);
            }
        });
    }

    /** Computes the maxima of a pixel. Bytes are unsigned, so their highest bits are inverted for the comparison. */
    private static void maxPool(PaddedPlaces places, byte[] x, byte[] y, int image, int row, int column) {
        ConvolutionShape s = places.shape();
        PaddedImages input = places.x();
        int firstRow = Math.max(0, row * s.stride() - s.padding());
        int endRow = Math.min(s.height(), row * s.stride() - s.padding() + s.kernelHeight());
        int firstColumn = Math.max(0, column * s.stride() - s.padding());
        int endColumn = Math.min(s.width(), column * s.stride() - s.padding() + s.kernelWidth());
        int from = input.position(image, firstRow, firstColumn);
        int to = places.y().position(image, row, column);
        int channels = s.outChannels();
        int c = 0;
        for (; c + WHOLE.length() <= channels; c += WHOLE.length()) {
            var most = ByteVector.broadcast(WHOLE, Byte.MIN_VALUE);
            for (int r = 0; r < endRow - firstRow; r++) {
                for (int k = 0; k < endColumn - firstColumn; k++) {
                    int at = from + r * input.rowLength() + k * input.pixelLength() + c;
                    most = most.max(ByteVector.fromArray(WHOLE, x, at).lanewise(VectorOperators.XOR, Byte.MIN_VALUE));
                }
            }
            most.lanewise(VectorOperators.XOR, Byte.MIN_VALUE).intoArray(y, to + c);
        }
        for (; c < channels; c++) {
            int most = 0;
            for (int r = 0; r < endRow - firstRow; r++) {
                for (int k = 0; k < endColumn - firstColumn; k++) {
                    int at = from + r * input.rowLength() + k * input.pixelLength() + c;
                    most = Math.max(most, x[at] & Int8Rescaling.HIGHEST);
                }
            }
            y[to + c] = (byte) most;
        }
    }

    @Override
    public void averagePool(PaddedPlaces places, Int8Rescaling rescaling, byte[] x, byte[] y, Workers workers) {
        if (!HAS_FLOATS) {
            plain.averagePool(places, rescaling, x, y, workers);
            return;
        }
        places.check(x, null, y);
        rescaling.check(1, Int8Rescaling.HIGHEST);
        ConvolutionShape s = places.shape();
        int height = s.outHeight();
        workers.run(s.batch() * height, (index, scratch) -> {
            for (int column = 0; column < s.outWidth(); column++) {
                averagePool(places, rescaling, x, y, index / height, index % height, column);
            }
        });
    }

    /** Computes the means of a cell. */
    private static void averagePool(
            PaddedPlaces places, Int8Rescaling rescaling, byte[] x, byte[] y, int image, int row, int column) {
        ConvolutionShape s = places.shape();
        PaddedImages input = places.x();
        int rows = Math.min(s.stride(), s.height() - row * s.stride());
        int columns = Math.min(s.stride(), s.width() - column * s.stride());
        int from = input.position(image, row * s.stride(), column * s.stride());
        int to = places.y().position(image, row, column);
        int channels = s.outChannels();
        var factor = FloatVector.broadcast(FLOATS, rescaling.factors()[0] / (rows * columns));
        var offset = FloatVector.broadcast(FLOATS, rescaling.offsets()[0]);
        int lowest = Float.floatToRawIntBits(rescaling.lowest());
        int c = 0;
        for (; c < vectorized(channels); c += LANES) {
            var sum = IntVector.zero(INTS);
            for (int r = 0; r < rows; r++) {
                for (int k = 0; k < columns; k++) {
                    sum = sum.add(ints(x, from + r * input.rowLength() + k * input.pixelLength() + c));
                }
            }
            var numbers = (FloatVector) sum.convert(VectorOperators.I2F, 0);
            store(numbers.fma(factor, offset), lowest, y, to + c);
        }
        for (; c < channels; c++) {
            int sum = 0;
            for (int r = 0; r < rows; r++) {
                for (int k = 0; k < columns; k++) {
                    sum += x[from + r * input.rowLength() + k * input.pixelLength() + c] & Int8Rescaling.HIGHEST;
                }
            }
            y[to + c] = rescaling.rounded(rescaling.mean(sum, rows * columns));
        }
    }

    @Override
    public void sum(PaddedImages images, byte[] x, int[] sums, Workers workers) {
        if (!HAS_FLOATS) {
            plain.sum(images, x, sums, workers);
            return;
        }
        images.check(x, sums);
        int channels = images.channels();
        int pieces = Math.ceilDiv(channels, PIECE);
        workers.run(images.batch() * pieces, (index, scratch) -> {
            int image = index / pieces;
            int from = index % pieces * PIECE;
            int to = Math.min(channels, from + PIECE);
            int vectors = from + vectorized(to - from);
            for (int c = from; c < vectors; c += LANES) {
                sum(images, x, image, c).intoArray(sums, image * channels + c);
            }
            if (vectors < to) {
                sum(images, x, image, vectors, to, sums);
            }
        });
    }

    /** Sums channels {@code from} to {@code to - 1}, pixel after pixel. */
    private static void sum(PaddedImages images, byte[] x, int image, int from, int to, int[] sums) {
        int first = image * images.channels();
        Arrays.fill(sums, first + from, first + to, 0);
        for (int row = 0; row < images.height(); row++) {
            int start = images.position(image, row, 0);
            for (int column = 0; column < images.width(); column++) {
                int at = start + column * images.pixelLength();
                for (int c = from; c < to; c++) {
                    sums[first + c] += x[at + c] & Int8Rescaling.HIGHEST;
                }
            }
        }
    }

    private static IntVector sum(PaddedImages images, byte[] x, int image, int channel) {
        var sum = IntVector.zero(INTS);
        for (int row = 0; row < images.height(); row++) {
            int from = images.position(image, row, 0) + channel;
            for (int column = 0; column < images.width(); column++) {
                sum = sum.add(ints(x, from + column * images.pixelLength()));
            }
        }
        return sum;
    }

    @Override
    public void rescale(
            PaddedPlaces places,
            Int8Rescaling rescaling,
            byte[] x,
            byte @Nullable [] residual,
            byte[] y,
            Workers workers) {
        if (!HAS_FLOATS) {
            plain.rescale(places, rescaling, x, residual, y, workers);
            return;
        }
        places.check(x, residual, y);
        places.check(rescaling);
        ConvolutionShape s = places.shape();
        PaddedImages added = places.residual();
        workers.run(s.batch() * s.outHeight(), (index, scratch) -> {
            int image = index / s.outHeight();
            int row = index % s.outHeight();
            Line from = Line.of(x, places.x(), image, row);
            Line to = Line.of(y, places.y(), image, row);
            Line addend = added == null || residual == null ? null : Line.of(residual, added, image, row);
            rescale(s, rescaling, rescaling.first(image, s.outChannels()), from, addend, to);
        });
    }

    /** Computes a row. */
    private static void rescale(
            ConvolutionShape s, Int8Rescaling rescaling, int first, Line x, @Nullable Line residual, Line y) {
        int vectors = vectorized(s.outChannels());
        int lowest = Float.floatToRawIntBits(rescaling.lowest());
        for (int c = 0; c < vectors; c += LANES) {
            var factor = FloatVector.fromArray(FLOATS, rescaling.factors(), first + c);
            var offset = FloatVector.fromArray(FLOATS, rescaling.offsets(), first + c);
            if (residual == null) {
                for (int pixel = 0; pixel < s.outWidth(); pixel++) {
                    store(x.floats(pixel, c).fma(factor, offset), lowest, y.array, y.at + pixel * y.step + c);
                }
            } else {
                var residualFactor = FloatVector.broadcast(FLOATS, rescaling.residualFactor());
                for (int pixel = 0; pixel < s.outWidth(); pixel++) {
                    var result = x.floats(pixel, c).fma(factor, offset);
                    result = residual.floats(pixel, c).fma(residualFactor, result);
                    store(result, lowest, y.array, y.at + pixel * y.step + c);
                }
            }
        }
        for (int pixel = 0; pixel < s.outWidth(); pixel++) {
            for (int c = vectors; c < s.outChannels(); c++) {
                float result = rescaling.result(x.number(pixel, c) & Int8Rescaling.HIGHEST, first + c);
                y.array[y.at + pixel * y.step + c] = rescaling.rounded(
                        residual == null ? result : rescaling.added(result, residual.number(pixel, c)));
            }
        }
    }
}
