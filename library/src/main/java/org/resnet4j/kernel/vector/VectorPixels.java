package org.resnet4j.kernel.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;
import static org.resnet4j.kernel.CosineTransform.EVEN_2;
import static org.resnet4j.kernel.CosineTransform.EVEN_6;
import static org.resnet4j.kernel.CosineTransform.FRACTION;
import static org.resnet4j.kernel.CosineTransform.F_0_298;
import static org.resnet4j.kernel.CosineTransform.F_0_390;
import static org.resnet4j.kernel.CosineTransform.F_0_541;
import static org.resnet4j.kernel.CosineTransform.F_0_765;
import static org.resnet4j.kernel.CosineTransform.F_0_899;
import static org.resnet4j.kernel.CosineTransform.F_1_175;
import static org.resnet4j.kernel.CosineTransform.F_1_501;
import static org.resnet4j.kernel.CosineTransform.F_1_847;
import static org.resnet4j.kernel.CosineTransform.F_1_961;
import static org.resnet4j.kernel.CosineTransform.F_2_053;
import static org.resnet4j.kernel.CosineTransform.F_2_562;
import static org.resnet4j.kernel.CosineTransform.F_3_072;
import static org.resnet4j.kernel.CosineTransform.HALF_1;
import static org.resnet4j.kernel.CosineTransform.HALF_3;
import static org.resnet4j.kernel.CosineTransform.HALF_5;
import static org.resnet4j.kernel.CosineTransform.HALF_7;
import static org.resnet4j.kernel.CosineTransform.INNER_1;
import static org.resnet4j.kernel.CosineTransform.INNER_3;
import static org.resnet4j.kernel.CosineTransform.INNER_5;
import static org.resnet4j.kernel.CosineTransform.INNER_7;
import static org.resnet4j.kernel.CosineTransform.KEPT;
import static org.resnet4j.kernel.CosineTransform.LAST_SHIFT;
import static org.resnet4j.kernel.CosineTransform.OUTER_1;
import static org.resnet4j.kernel.CosineTransform.OUTER_3;
import static org.resnet4j.kernel.CosineTransform.OUTER_5;
import static org.resnet4j.kernel.CosineTransform.OUTER_7;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.resnet4j.kernel.ColorFactors;
import org.resnet4j.kernel.FilterTaps;
import org.resnet4j.kernel.PixelKernel;

/**
 * The arithmetic of pictures, a vector of ints at a time. A vector of bytes may have more lanes than one of ints; those
 * are read and written in vain.
 */
final class VectorPixels implements PixelKernel {
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int LANES = INTS.length();

    /** Bytes and shorts, at least as many as {@link #INTS} has lanes. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(8 * Math.max(8, LANES)));

    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(16 * Math.max(4, LANES)));

    /** Lanes of two vectors in turns: the lower halves, and the upper halves. */
    private static final VectorShuffle<Integer> LOWER = VectorShuffle.makeZip(INTS, 0);

    private static final VectorShuffle<Integer> UPPER = VectorShuffle.makeZip(INTS, 1);

    // The differences are centered at 128.
    private static final int RED_BIAS = ColorFactors.HALF - 128 * ColorFactors.RED_OF_CR;
    private static final int GREEN_BIAS =
            ColorFactors.HALF - 128 * (ColorFactors.GREEN_OF_CB + ColorFactors.GREEN_OF_CR);
    private static final int BLUE_BIAS = ColorFactors.HALF - 128 * ColorFactors.BLUE_OF_CB;

    /** Returns true if the vectors of this machine have 128 to 512 bits. */
    static boolean isSupported() {
        return LANES >= 4 && LANES <= 16;
    }

    @Override
    public int blocks() {
        return LANES;
    }

    @Override
    public void inverseTransform(int[] coefficients, int size, byte[] out, int at, int stride) {
        switch (size) {
            case 2 -> toTwo(coefficients, out, at, stride);
            case 4 -> toFour(coefficients, out, at, stride);
            default -> toEight(coefficients, out, at, stride);
        }
        Arrays.fill(coefficients, 0, 64 * LANES, 0);
    }

    private static void toTwo(int[] block, byte[] out, int at, int stride) {
        for (int x = 0; x < 8; x = x == 0 ? 1 : x + 2) {
            transformToTwo(block, x * LANES, 8 * LANES, FRACTION - KEPT);
        }
        for (int y = 0; y < 2; y++) {
            int row = 8 * y * LANES;
            transformToTwo(block, row, LANES, LAST_SHIFT);
            storePairs(mean(block, row), mean(block, row + LANES), out, at + y * stride);
        }
    }

    private static void transformToTwo(int[] block, int at, int step, int shift) {
        var even = IntVector.fromArray(INTS, block, at).lanewise(LSHL, FRACTION).add(1 << shift - 1);
        var odd = IntVector.fromArray(INTS, block, at + step)
                .mul(HALF_1)
                .add(IntVector.fromArray(INTS, block, at + 3 * step).mul(HALF_3))
                .add(IntVector.fromArray(INTS, block, at + 5 * step).mul(HALF_5))
                .add(IntVector.fromArray(INTS, block, at + 7 * step).mul(HALF_7));
        even.add(odd).lanewise(ASHR, shift).intoArray(block, at);
        even.sub(odd).lanewise(ASHR, shift).intoArray(block, at + step);
    }

    private static void toFour(int[] block, byte[] out, int at, int stride) {
        for (int x = 0; x < 8; x += x == 3 ? 2 : 1) {
            transformToFour(block, x * LANES, 8 * LANES, FRACTION - KEPT);
        }
        for (int y = 0; y < 4; y++) {
            int row = 8 * y * LANES;
            transformToFour(block, row, LANES, LAST_SHIFT);
            mean(block, row)
                    .or(mean(block, row + LANES).lanewise(LSHL, 8))
                    .or(mean(block, row + 2 * LANES).lanewise(LSHL, 16))
                    .or(mean(block, row + 3 * LANES).lanewise(LSHL, 24))
                    .reinterpretAsBytes()
                    .intoArray(out, at + y * stride);
        }
    }

    private static void transformToFour(int[] block, int at, int step, int shift) {
        var c1 = IntVector.fromArray(INTS, block, at + step);
        var c3 = IntVector.fromArray(INTS, block, at + 3 * step);
        var c5 = IntVector.fromArray(INTS, block, at + 5 * step);
        var c7 = IntVector.fromArray(INTS, block, at + 7 * step);
        var first =
                IntVector.fromArray(INTS, block, at).lanewise(LSHL, FRACTION).add(1 << shift - 1);
        var even = IntVector.fromArray(INTS, block, at + 2 * step)
                .mul(EVEN_2)
                .add(IntVector.fromArray(INTS, block, at + 6 * step).mul(EVEN_6));
        var outer = c1.mul(OUTER_1).add(c3.mul(OUTER_3)).add(c5.mul(OUTER_5)).add(c7.mul(OUTER_7));
        var inner = c1.mul(INNER_1).add(c3.mul(INNER_3)).add(c5.mul(INNER_5)).add(c7.mul(INNER_7));
        var ends = first.add(even);
        var middle = first.sub(even);
        ends.add(outer).lanewise(ASHR, shift).intoArray(block, at);
        middle.add(inner).lanewise(ASHR, shift).intoArray(block, at + step);
        middle.sub(inner).lanewise(ASHR, shift).intoArray(block, at + 2 * step);
        ends.sub(outer).lanewise(ASHR, shift).intoArray(block, at + 3 * step);
    }

    /** Returns samples, from 0 to 255, of means that are centered at zero. */
    private static IntVector mean(int[] block, int at) {
        return clip(IntVector.fromArray(INTS, block, at).add(128));
    }

    private static void toEight(int[] block, byte[] out, int at, int stride) {
        for (int x = 0; x < 8; x++) {
            transform(block, x * LANES, 8 * LANES, FRACTION - KEPT);
        }
        for (int y = 0; y < 8; y++) {
            transform(block, 8 * y * LANES, LANES, LAST_SHIFT);
            writeRow(block, 8 * y * LANES, out, at + y * stride);
        }
    }

    /** Transforms eight vectors in place, {@code step} apart. */
    private static void transform(int[] block, int at, int step, int shift) {
        var c0 = IntVector.fromArray(INTS, block, at);
        var c1 = IntVector.fromArray(INTS, block, at + step);
        var c2 = IntVector.fromArray(INTS, block, at + 2 * step);
        var c3 = IntVector.fromArray(INTS, block, at + 3 * step);
        var c4 = IntVector.fromArray(INTS, block, at + 4 * step);
        var c5 = IntVector.fromArray(INTS, block, at + 5 * step);
        var c6 = IntVector.fromArray(INTS, block, at + 6 * step);
        var c7 = IntVector.fromArray(INTS, block, at + 7 * step);
        var half = IntVector.broadcast(INTS, 1 << shift - 1);
        var turned = c2.add(c6).mul(F_0_541);
        var even2 = turned.sub(c6.mul(F_1_847));
        var even3 = turned.add(c2.mul(F_0_765));
        var even0 = c0.add(c4).lanewise(LSHL, FRACTION).add(half);
        var even1 = c0.sub(c4).lanewise(LSHL, FRACTION).add(half);
        var c73 = c7.add(c3);
        var c51 = c5.add(c1);
        var z5 = c73.add(c51).mul(F_1_175);
        var z1 = c7.add(c1).mul(-F_0_899);
        var z2 = c5.add(c3).mul(-F_2_562);
        var z3 = c73.mul(-F_1_961).add(z5);
        var z4 = c51.mul(-F_0_390).add(z5);
        var odd0 = c7.mul(F_0_298).add(z1).add(z3);
        var odd1 = c5.mul(F_2_053).add(z2).add(z4);
        var odd2 = c3.mul(F_3_072).add(z2).add(z3);
        var odd3 = c1.mul(F_1_501).add(z1).add(z4);
        var s0 = even0.add(even3);
        var s1 = even1.add(even2);
        var s2 = even1.sub(even2);
        var s3 = even0.sub(even3);
        s0.add(odd3).lanewise(ASHR, shift).intoArray(block, at);
        s1.add(odd2).lanewise(ASHR, shift).intoArray(block, at + step);
        s2.add(odd1).lanewise(ASHR, shift).intoArray(block, at + 2 * step);
        s3.add(odd0).lanewise(ASHR, shift).intoArray(block, at + 3 * step);
        s3.sub(odd0).lanewise(ASHR, shift).intoArray(block, at + 4 * step);
        s2.sub(odd1).lanewise(ASHR, shift).intoArray(block, at + 5 * step);
        s1.sub(odd2).lanewise(ASHR, shift).intoArray(block, at + 6 * step);
        s0.sub(odd3).lanewise(ASHR, shift).intoArray(block, at + 7 * step);
    }

    /** Clips a row of all blocks to bytes, block after block. */
    private static void writeRow(int[] block, int at, byte[] out, int to) {
        var left = samples(block, at)
                .or(samples(block, at + LANES).lanewise(LSHL, 8))
                .or(samples(block, at + 2 * LANES).lanewise(LSHL, 16))
                .or(samples(block, at + 3 * LANES).lanewise(LSHL, 24));
        var right = samples(block, at + 4 * LANES)
                .or(samples(block, at + 5 * LANES).lanewise(LSHL, 8))
                .or(samples(block, at + 6 * LANES).lanewise(LSHL, 16))
                .or(samples(block, at + 7 * LANES).lanewise(LSHL, 24));
        left.rearrange(LOWER, right).reinterpretAsBytes().intoArray(out, to);
        left.rearrange(UPPER, right).reinterpretAsBytes().intoArray(out, to + 4 * LANES);
    }

    /** Returns samples, from 0 to 255, of values that are centered at zero, of which ten bits count. */
    private static IntVector samples(int[] block, int at) {
        var value = IntVector.fromArray(INTS, block, at);
        return value.lanewise(LSHL, 22).lanewise(ASHR, 22).max(-128).min(127).add(128);
    }

    private static IntVector load(byte[] from, int at) {
        return (IntVector) ByteVector.fromArray(BYTES, from, at).convertShape(ZERO_EXTEND_B2I, INTS, 0);
    }

    private static void store(IntVector values, byte[] to, int at) {
        ((ByteVector) values.convertShape(I2B, BYTES, 0)).intoArray(to, at);
    }

    private static IntVector clip(IntVector values) {
        return values.max(0).min(255);
    }

    @Override
    public void mixRows(byte[] plane, int near, int far, int bias, byte[] to, int count) {
        for (int i = 0; i < count; i += LANES) {
            var sum = load(plane, near + i).mul(3).add(load(plane, far + i)).add(bias);
            store(sum.lanewise(ASHR, 2), to, i);
        }
    }

    @Override
    public void widen(byte[] plane, int at, int count, byte[] to) {
        for (int i = 1; i < count - 1; i += LANES) {
            var here = load(plane, at + i).mul(3);
            var even = here.add(load(plane, at + i - 1)).add(1).lanewise(ASHR, 2);
            var odd = here.add(load(plane, at + i + 1)).add(2).lanewise(ASHR, 2);
            storePairs(even, odd, to, 2 * i);
        }
        int first = plane[at] & 0xff;
        int second = plane[at + Math.min(1, count - 1)] & 0xff;
        int last = plane[at + count - 1] & 0xff;
        int before = plane[at + Math.max(0, count - 2)] & 0xff;
        to[2 * count - 2] = (byte) (3 * last + before + 1 >> 2);
        to[2 * count - 1] = (byte) last;
        to[0] = (byte) first;
        to[1] = (byte) (3 * first + second + 2 >> 2);
    }

    @Override
    public void widenBoth(byte[] plane, int near, int far, int count, byte[] to) {
        for (int i = 1; i < count - 1; i += LANES) {
            var here = sums(plane, near + i, far + i).mul(3);
            var even = here.add(sums(plane, near + i - 1, far + i - 1)).add(8).lanewise(ASHR, 4);
            var odd = here.add(sums(plane, near + i + 1, far + i + 1)).add(7).lanewise(ASHR, 4);
            storePairs(even, odd, to, 2 * i);
        }
        int first = sum(plane, near, far);
        int second = sum(plane, near + Math.min(1, count - 1), far + Math.min(1, count - 1));
        int last = sum(plane, near + count - 1, far + count - 1);
        int before = sum(plane, near + Math.max(0, count - 2), far + Math.max(0, count - 2));
        to[2 * count - 2] = (byte) (3 * last + before + 8 >> 4);
        to[2 * count - 1] = (byte) (4 * last + 7 >> 4);
        to[0] = (byte) (4 * first + 8 >> 4);
        to[1] = (byte) (3 * first + second + 7 >> 4);
    }

    private static IntVector sums(byte[] plane, int near, int far) {
        return load(plane, near).mul(3).add(load(plane, far));
    }

    private static int sum(byte[] plane, int near, int far) {
        return 3 * (plane[near] & 0xff) + (plane[far] & 0xff);
    }

    private static void storePairs(IntVector even, IntVector odd, byte[] to, int at) {
        var pairs = (ShortVector) even.or(odd.lanewise(LSHL, 8)).convertShape(I2S, SHORTS, 0);
        pairs.reinterpretAsBytes().intoArray(to, at);
    }

    @Override
    public void toRgb(byte[][] ycc, byte[][] rgb, int count) {
        byte[] luma = ycc[0];
        byte[] blue = ycc[1];
        byte[] red = ycc[2];
        for (int i = 0; i < count; i += LANES) {
            var y = load(luma, i).lanewise(LSHL, ColorFactors.FRACTION);
            var cb = load(blue, i);
            var cr = load(red, i);
            var reds = cr.mul(ColorFactors.RED_OF_CR).add(RED_BIAS).add(y);
            var greens = cb.mul(ColorFactors.GREEN_OF_CB)
                    .add(cr.mul(ColorFactors.GREEN_OF_CR))
                    .add(GREEN_BIAS)
                    .add(y);
            var blues = cb.mul(ColorFactors.BLUE_OF_CB).add(BLUE_BIAS).add(y);
            store(clip(reds.lanewise(ASHR, ColorFactors.FRACTION)), rgb[0], i);
            store(clip(greens.lanewise(ASHR, ColorFactors.FRACTION)), rgb[1], i);
            store(clip(blues.lanewise(ASHR, ColorFactors.FRACTION)), rgb[2], i);
        }
    }

    @Override
    public void filter(byte[] from, int at, FilterTaps taps, byte[] to, int toAt, int step) {
        int[] first = taps.first();
        int[] count = taps.count();
        int[] weights = taps.weights();
        int stride = taps.stride();
        for (int i = 0, target = toAt; i < first.length; i++, target += step) {
            int source = at + first[i];
            int tap = i * stride;
            var sums = load(from, source).mul(IntVector.fromArray(INTS, weights, tap));
            for (int k = LANES; k < count[i]; k += LANES) {
                sums = sums.add(load(from, source + k).mul(IntVector.fromArray(INTS, weights, tap + k)));
            }
            int sum = sums.reduceLanes(VectorOperators.ADD) + FilterTaps.HALF >> FilterTaps.FRACTION_BITS;
            to[target] = (byte) Math.clamp(sum, 0, 255);
        }
    }

    @Override
    public void addRow(byte[] row, int at, int weight, int[] sums, int count) {
        for (int i = 0; i < count; i += LANES) {
            load(row, at + i)
                    .mul(weight)
                    .add(IntVector.fromArray(INTS, sums, i))
                    .intoArray(sums, i);
        }
    }

    @Override
    public void finish(int[] sums, byte[] to, int count) {
        for (int i = 0; i < count; i += LANES) {
            var rounded =
                    IntVector.fromArray(INTS, sums, i).add(FilterTaps.HALF).lanewise(ASHR, FilterTaps.FRACTION_BITS);
            store(clip(rounded), to, i);
            IntVector.zero(INTS).intoArray(sums, i);
        }
    }
}
