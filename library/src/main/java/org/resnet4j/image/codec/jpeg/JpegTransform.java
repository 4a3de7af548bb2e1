package org.resnet4j.image.codec.jpeg;

import java.util.Arrays;
import org.resnet4j.image.sample.Pixels;
import org.resnet4j.kernel.CosineTransform;

/**
 * The inverse cosine transform of a block of 8x8 coefficients to 4x4 samples, 2x2 or one, each of which is the mean of
 * the samples that it stands for. {@link org.resnet4j.kernel.PixelKernel} has the transform to 8x8.
 *
 * <p>A mean of two neighbors cancels the fourth coefficient, a mean of four all even ones but the first, so the smaller
 * transforms are cheaper.
 */
final class JpegTransform {
    private static final int FRACTION = CosineTransform.FRACTION;
    private static final int KEPT = CosineTransform.KEPT;

    /** Weights of coefficients in the mean of samples, relative to the scale of coefficient 0. */
    private static final int[] FIRST_OF_FOUR = means(0, 2);

    private static final int[] SECOND_OF_FOUR = means(2, 2);
    private static final int[] FIRST_OF_TWO = means(0, 4);

    private final int[] columns = new int[64];

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
     * @param flat true if all coefficients but the first are zero
     * @param size 1, 2 or 4
     */
    void transform(int[] block, boolean flat, int size, byte[] out, int at, int stride) {
        if (flat || size == 1) {
            byte mean = Pixels.clip((block[0] + 4 >> 3) + 128);
            for (int y = 0; y < size; y++) {
                Arrays.fill(out, at + y * stride, at + y * stride + size, mean);
            }
        } else if (size == 2) {
            toTwo(block, out, at, stride);
        } else {
            toFour(block, out, at, stride);
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

    private static int round(int value, int bits) {
        return value + (1 << bits - 1) >> bits;
    }

    /** Returns a sample. Coefficients are eight times as large as samples, which are centered at 128. */
    private static byte sample(int value) {
        return Pixels.clip(round(value, FRACTION + KEPT + 3) + 128);
    }
}
