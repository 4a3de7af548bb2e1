package org.resnet4j.kernel.plain;

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
import org.resnet4j.kernel.ColorFactors;
import org.resnet4j.kernel.FilterTaps;
import org.resnet4j.kernel.PixelKernel;

/** The arithmetic of pictures, one sample at a time. */
public final class ScalarPixels implements PixelKernel {
    private final int blocks;

    /**
     * Creates the kernel.
     *
     * @param blocks the number of blocks that are transformed at a time
     */
    public ScalarPixels(int blocks) {
        this.blocks = blocks;
    }

    @Override
    public int blocks() {
        return blocks;
    }

    @Override
    public void inverseTransform(int[] coefficients, int size, byte[] out, int at, int stride) {
        int[] block = new int[64];
        for (int b = 0; b < blocks; b++) {
            for (int i = 0; i < 64; i++) {
                block[i] = coefficients[i * blocks + b];
            }
            for (int x = 0; x < 8; x++) {
                transform(size, block, x, 8, FRACTION - KEPT);
            }
            for (int y = 0; y < size; y++) {
                transform(size, block, 8 * y, 1, LAST_SHIFT);
                for (int x = 0; x < size; x++) {
                    int value = block[8 * y + x];
                    out[at + y * stride + size * b + x] = size == 8 ? sample(value) : clip(value + 128);
                }
            }
        }
        Arrays.fill(coefficients, 0, 64 * blocks, 0);
    }

    /** Transforms eight values in place, {@code step} apart, to the first {@code size} of them. */
    private static void transform(int size, int[] block, int at, int step, int shift) {
        switch (size) {
            case 2 -> toTwo(block, at, step, shift);
            case 4 -> toFour(block, at, step, shift);
            default -> toEight(block, at, step, shift);
        }
    }

    private static void toTwo(int[] block, int at, int step, int shift) {
        int even = block[at] << FRACTION;
        int odd = HALF_1 * block[at + step]
                + HALF_3 * block[at + 3 * step]
                + HALF_5 * block[at + 5 * step]
                + HALF_7 * block[at + 7 * step];
        block[at] = round(even + odd, shift);
        block[at + step] = round(even - odd, shift);
    }

    private static void toFour(int[] block, int at, int step, int shift) {
        int c1 = block[at + step];
        int c3 = block[at + 3 * step];
        int c5 = block[at + 5 * step];
        int c7 = block[at + 7 * step];
        int first = block[at] << FRACTION;
        int even = EVEN_2 * block[at + 2 * step] + EVEN_6 * block[at + 6 * step];
        int outer = OUTER_1 * c1 + OUTER_3 * c3 + OUTER_5 * c5 + OUTER_7 * c7;
        int inner = INNER_1 * c1 + INNER_3 * c3 + INNER_5 * c5 + INNER_7 * c7;
        block[at] = round(first + even + outer, shift);
        block[at + step] = round(first - even + inner, shift);
        block[at + 2 * step] = round(first - even - inner, shift);
        block[at + 3 * step] = round(first + even - outer, shift);
    }

    private static void toEight(int[] block, int at, int step, int shift) {
        int c0 = block[at];
        int c1 = block[at + step];
        int c2 = block[at + 2 * step];
        int c3 = block[at + 3 * step];
        int c4 = block[at + 4 * step];
        int c5 = block[at + 5 * step];
        int c6 = block[at + 6 * step];
        int c7 = block[at + 7 * step];
        int turned = (c2 + c6) * F_0_541;
        int even2 = turned - c6 * F_1_847;
        int even3 = turned + c2 * F_0_765;
        int even0 = c0 + c4 << FRACTION;
        int even1 = c0 - c4 << FRACTION;
        int z5 = (c7 + c3 + c5 + c1) * F_1_175;
        int z1 = (c7 + c1) * -F_0_899;
        int z2 = (c5 + c3) * -F_2_562;
        int z3 = (c7 + c3) * -F_1_961 + z5;
        int z4 = (c5 + c1) * -F_0_390 + z5;
        int odd0 = c7 * F_0_298 + z1 + z3;
        int odd1 = c5 * F_2_053 + z2 + z4;
        int odd2 = c3 * F_3_072 + z2 + z3;
        int odd3 = c1 * F_1_501 + z1 + z4;
        block[at] = round(even0 + even3 + odd3, shift);
        block[at + step] = round(even1 + even2 + odd2, shift);
        block[at + 2 * step] = round(even1 - even2 + odd1, shift);
        block[at + 3 * step] = round(even0 - even3 + odd0, shift);
        block[at + 4 * step] = round(even0 - even3 - odd0, shift);
        block[at + 5 * step] = round(even1 - even2 - odd1, shift);
        block[at + 6 * step] = round(even1 + even2 - odd2, shift);
        block[at + 7 * step] = round(even0 + even3 - odd3, shift);
    }

    private static int round(int value, int bits) {
        return value + (1 << bits - 1) >> bits;
    }

    /** Returns the sample of a value that is centered at zero, of which ten bits count. */
    private static byte sample(int value) {
        return clip((value << 22 >> 22) + 128);
    }

    private static byte clip(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }

    @Override
    public void mixRows(byte[] plane, int near, int far, int bias, byte[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = (byte) (3 * (plane[near + i] & 0xff) + (plane[far + i] & 0xff) + bias >> 2);
        }
    }

    @Override
    public void widen(byte[] plane, int at, int count, byte[] to) {
        for (int i = 0; i < count; i++) {
            int here = 3 * (plane[at + i] & 0xff);
            int before = plane[at + Math.max(0, i - 1)] & 0xff;
            int after = plane[at + Math.min(count - 1, i + 1)] & 0xff;
            to[2 * i] = (byte) (here + before + 1 >> 2);
            to[2 * i + 1] = (byte) (here + after + 2 >> 2);
        }
    }

    @Override
    public void widenBoth(byte[] plane, int near, int far, int count, byte[] to) {
        for (int i = 0; i < count; i++) {
            int here = 3 * sum(plane, near, far, i);
            int before = sum(plane, near, far, Math.max(0, i - 1));
            int after = sum(plane, near, far, Math.min(count - 1, i + 1));
            to[2 * i] = (byte) (here + before + 8 >> 4);
            to[2 * i + 1] = (byte) (here + after + 7 >> 4);
        }
    }

    private static int sum(byte[] plane, int near, int far, int i) {
        return 3 * (plane[near + i] & 0xff) + (plane[far + i] & 0xff);
    }

    @Override
    public void toRgb(byte[][] ycc, byte[][] rgb, int count) {
        for (int i = 0; i < count; i++) {
            int y = ycc[0][i] & 0xff;
            int cb = (ycc[1][i] & 0xff) - 128;
            int cr = (ycc[2][i] & 0xff) - 128;
            int green = ColorFactors.GREEN_OF_CB * cb + ColorFactors.GREEN_OF_CR * cr;
            rgb[0][i] = clip(y + (ColorFactors.RED_OF_CR * cr + ColorFactors.HALF >> ColorFactors.FRACTION));
            rgb[1][i] = clip(y + (green + ColorFactors.HALF >> ColorFactors.FRACTION));
            rgb[2][i] = clip(y + (ColorFactors.BLUE_OF_CB * cb + ColorFactors.HALF >> ColorFactors.FRACTION));
        }
    }

    @Override
    public void filter(byte[] from, int at, FilterTaps taps, byte[] to, int toAt, int step) {
        int[] first = taps.first();
        int[] count = taps.count();
        int[] weights = taps.weights();
        for (int i = 0, target = toAt; i < first.length; i++, target += step) {
            int sum = FilterTaps.HALF;
            int source = at + first[i];
            int tap = i * taps.stride();
            for (int k = 0; k < count[i]; k++) {
                sum += (from[source + k] & 0xff) * weights[tap + k];
            }
            to[target] = clip(sum >> FilterTaps.FRACTION_BITS);
        }
    }

    @Override
    public void addRow(byte[] row, int at, int weight, int[] sums, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] += (row[at + i] & 0xff) * weight;
        }
    }

    @Override
    public void finish(int[] sums, byte[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = clip(sums[i] + FilterTaps.HALF >> FilterTaps.FRACTION_BITS);
        }
        Arrays.fill(sums, 0, count, 0);
    }
}
