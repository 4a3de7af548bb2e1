package org.resnet4j.image.codec.jpeg;

import java.util.Arrays;
import org.resnet4j.image.sample.Pixels;

/**
 * The inverse cosine transform of a block of 8x8 coefficients to 8x8 samples, or to 4x4, 2x2 or one, each of which is
 * the mean of the samples that it stands for.
 *
 * <p>The 8x8 transform is that of Loeffler, Ligtenberg and Moschytz ("Practical fast 1-D DCT algorithms with 11
 * multiplications", 1989) in libjpeg's fixed point, bit for bit. A mean of two neighbors cancels the fourth
 * coefficient, a mean of four all even ones but the first, so the smaller transforms are cheaper.
 */
final class JpegTransform {
    private static final int FRACTION = 13;

    /** The fractional bits that the column pass keeps for the row pass. */
    private static final int KEPT = 2;

    private static final int A = fixed(0.541196100);
    private static final int B = fixed(1.847759065);
    private static final int C = fixed(0.765366865);
    private static final int D = fixed(1.175875602);
    private static final int E = fixed(0.298631336);
    private static final int F = fixed(2.053119869);
    private static final int G = fixed(3.072711026);
    private static final int H = fixed(1.501321110);
    private static final int P = fixed(0.899976223);
    private static final int Q = fixed(2.562915447);
    private static final int R = fixed(1.961570560);
    private static final int S = fixed(0.390180644);

    /** Weights of coefficients in the mean of samples, relative to the scale of coefficient 0. */
    private static final int[] FIRST_OF_FOUR = means(0, 2);

    private static final int[] SECOND_OF_FOUR = means(2, 2);
    private static final int[] FIRST_OF_TWO = means(0, 4);

    private final int[] columns = new int[64];

    private static int fixed(double value) {
        return (int) (value * (1 << FRACTION) + 0.5);
    }

    private static int[] means(int from, int samples) {
        int[] weights = new int[8];
        for (int k = 1; k < 8; k++) {
            double sum = 0;
            for (int x = from; x < from + samples; x++) {
                sum += StrictMath.cos((2 * x + 1) * k * Math.PI / 16);
            }
            weights[k] = (int) Math.rint(sum / samples * StrictMath.sqrt(2) * (1 << FRACTION));
        }
        return weights;
    }

    /**
     * Transforms a block to {@code size} x {@code size} samples.
     *
     * @param block row * 8 + column; cleared
     * @param last the position, in zigzag order, after which all coefficients are zero
     * @param size 1, 2, 4 or 8
     */
    void transform(int[] block, int last, int size, byte[] out, int at, int stride) {
        if (last == 0 || size == 1) {
            byte mean = Pixels.clip((block[0] + 4 >> 3) + 128);
            for (int y = 0; y < size; y++) {
                Arrays.fill(out, at + y * stride, at + y * stride + size, mean);
            }
        } else if (size == 2) {
            toTwo(block, out, at, stride);
        } else if (size == 4) {
            toFour(block, out, at, stride);
        } else {
            toEight(block, out, at, stride);
        }
        Arrays.fill(block, 0);
    }

    private void toTwo(int[] block, byte[] out, int at, int stride) {
        int[] w = FIRST_OF_TWO;
        for (int x = 0; x < 8; x = x == 0 ? 1 : x + 2) {
            int even = block[x] << FRACTION;
            int odd = w[1] * block[8 + x] + w[3] * block[24 + x] + w[5] * block[40 + x] + w[7] * block[56 + x];
            columns[x] = round(even + odd, FRACTION - KEPT);
            columns[8 + x] = round(even - odd, FRACTION - KEPT);
        }
        for (int y = 0, from = 0; y < 2; y++, from += 8) {
            int even = columns[from] << FRACTION;
            int odd = w[1] * columns[from + 1]
                    + w[3] * columns[from + 3]
                    + w[5] * columns[from + 5]
                    + w[7] * columns[from + 7];
            out[at + y * stride] = sample(even + odd);
            out[at + y * stride + 1] = sample(even - odd);
        }
    }

    private void toFour(int[] block, byte[] out, int at, int stride) {
        int[] v = FIRST_OF_FOUR;
        int[] w = SECOND_OF_FOUR;
        for (int x = 0; x < 8; x += x == 3 ? 2 : 1) {
            int c1 = block[8 + x];
            int c3 = block[24 + x];
            int c5 = block[40 + x];
            int c7 = block[56 + x];
            int first = block[x] << FRACTION;
            int even = v[2] * block[16 + x] + v[6] * block[48 + x];
            int outer = v[1] * c1 + v[3] * c3 + v[5] * c5 + v[7] * c7;
            int inner = w[1] * c1 + w[3] * c3 + w[5] * c5 + w[7] * c7;
            columns[x] = round(first + even + outer, FRACTION - KEPT);
            columns[8 + x] = round(first - even + inner, FRACTION - KEPT);
            columns[16 + x] = round(first - even - inner, FRACTION - KEPT);
            columns[24 + x] = round(first + even - outer, FRACTION - KEPT);
        }
        for (int y = 0, from = 0; y < 4; y++, from += 8) {
            int c1 = columns[from + 1];
            int c3 = columns[from + 3];
            int c5 = columns[from + 5];
            int c7 = columns[from + 7];
            int first = columns[from] << FRACTION;
            int even = v[2] * columns[from + 2] + v[6] * columns[from + 6];
            int outer = v[1] * c1 + v[3] * c3 + v[5] * c5 + v[7] * c7;
            int inner = w[1] * c1 + w[3] * c3 + w[5] * c5 + w[7] * c7;
            int to = at + y * stride;
            out[to] = sample(first + even + outer);
            out[to + 1] = sample(first - even + inner);
            out[to + 2] = sample(first - even - inner);
            out[to + 3] = sample(first + even - outer);
        }
    }

    private void toEight(int[] block, byte[] out, int at, int stride) {
        for (int x = 0; x < 8; x++) {
            column(block, x);
        }
        for (int y = 0; y < 8; y++) {
            row(8 * y, out, at + y * stride);
        }
    }

    private void column(int[] block, int x) {
        int c1 = block[8 + x];
        int c2 = block[16 + x];
        int c3 = block[24 + x];
        int c4 = block[32 + x];
        int c5 = block[40 + x];
        int c6 = block[48 + x];
        int c7 = block[56 + x];
        if ((c1 | c2 | c3 | c4 | c5 | c6 | c7) == 0) {
            int mean = block[x] << KEPT;
            for (int i = x; i < 64; i += 8) {
                columns[i] = mean;
            }
            return;
        }
        int turned = (c2 + c6) * A;
        int even2 = turned - c6 * B;
        int even3 = turned + c2 * C;
        int even0 = block[x] + c4 << FRACTION;
        int even1 = block[x] - c4 << FRACTION;
        int z5 = (c7 + c3 + c5 + c1) * D;
        int z1 = (c7 + c1) * -P;
        int z2 = (c5 + c3) * -Q;
        int z3 = (c7 + c3) * -R + z5;
        int z4 = (c5 + c1) * -S + z5;
        int odd0 = c7 * E + z1 + z3;
        int odd1 = c5 * F + z2 + z4;
        int odd2 = c3 * G + z2 + z3;
        int odd3 = c1 * H + z1 + z4;
        columns[x] = round(even0 + even3 + odd3, FRACTION - KEPT);
        columns[8 + x] = round(even1 + even2 + odd2, FRACTION - KEPT);
        columns[16 + x] = round(even1 - even2 + odd1, FRACTION - KEPT);
        columns[24 + x] = round(even0 - even3 + odd0, FRACTION - KEPT);
        columns[32 + x] = round(even0 - even3 - odd0, FRACTION - KEPT);
        columns[40 + x] = round(even1 - even2 - odd1, FRACTION - KEPT);
        columns[48 + x] = round(even1 + even2 - odd2, FRACTION - KEPT);
        columns[56 + x] = round(even0 + even3 - odd3, FRACTION - KEPT);
    }

    private void row(int from, byte[] out, int to) {
        int c1 = columns[from + 1];
        int c2 = columns[from + 2];
        int c3 = columns[from + 3];
        int c4 = columns[from + 4];
        int c5 = columns[from + 5];
        int c6 = columns[from + 6];
        int c7 = columns[from + 7];
        int turned = (c2 + c6) * A;
        int even2 = turned - c6 * B;
        int even3 = turned + c2 * C;
        int even0 = columns[from] + c4 << FRACTION;
        int even1 = columns[from] - c4 << FRACTION;
        int z5 = (c7 + c3 + c5 + c1) * D;
        int z1 = (c7 + c1) * -P;
        int z2 = (c5 + c3) * -Q;
        int z3 = (c7 + c3) * -R + z5;
        int z4 = (c5 + c1) * -S + z5;
        int odd0 = c7 * E + z1 + z3;
        int odd1 = c5 * F + z2 + z4;
        int odd2 = c3 * G + z2 + z3;
        int odd3 = c1 * H + z1 + z4;
        out[to] = sample(even0 + even3 + odd3);
        out[to + 1] = sample(even1 + even2 + odd2);
        out[to + 2] = sample(even1 - even2 + odd1);
        out[to + 3] = sample(even0 - even3 + odd0);
        out[to + 4] = sample(even0 - even3 - odd0);
        out[to + 5] = sample(even1 - even2 - odd1);
        out[to + 6] = sample(even1 + even2 - odd2);
        out[to + 7] = sample(even0 + even3 - odd3);
    }

    private static int round(int value, int bits) {
        return value + (1 << bits - 1) >> bits;
    }

    /** Returns a sample. Coefficients are eight times as large as samples, which are centered at 128. */
    private static byte sample(int value) {
        return Pixels.clip(round(value, FRACTION + KEPT + 3) + 128);
    }
}
