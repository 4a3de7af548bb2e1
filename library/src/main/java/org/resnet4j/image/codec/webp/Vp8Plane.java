package org.resnet4j.image.codec.webp;

import java.util.Arrays;
import org.resnet4j.image.sample.Pixels;

/**
 * One component of a VP8 frame in whole macroblocks, with the border that prediction needs: 127 above, 129 to the left
 * (RFC 6386, section 12.2). Sample (x, y) is {@code samples[origin + y * stride + x]}.
 */
final class Vp8Plane {
    /** The margin on the left, and on the right for the four samples above and to the right of the last block. */
    private static final int MARGIN = 4;

    final int stride;
    final int origin;
    final byte[] samples;

    /** The columns of a block between the two passes of its transform. */
    private final int[] columns = new int[16];

    Vp8Plane(int width, int height) {
        stride = width + 2 * MARGIN;
        origin = stride + MARGIN;
        samples = new byte[Math.multiplyExact(stride, height + 1)];
        Arrays.fill(samples, 0, stride, (byte) 127);
        for (int y = 0; y < height; y++) {
            samples[origin + y * stride - 1] = (byte) 129;
        }
    }

    int at(int x, int y) {
        return origin + y * stride + x;
    }

    int sample(int index) {
        return samples[index] & 0xff;
    }

    /** Adds the inverse transform of 16 coefficients to a 4x4 block (RFC 6386, section 14.3), and clears them. */
    void addResidual(int at, int[] coefficients, int offset) {
        for (int i = 0; i < 4; i++) {
            int c0 = coefficients[offset + i];
            int c1 = coefficients[offset + 4 + i];
            int c2 = coefficients[offset + 8 + i];
            int c3 = coefficients[offset + 12 + i];
            int a = c0 + c2;
            int b = c0 - c2;
            int c = timesSine(c1) - timesCosine(c3);
            int d = timesCosine(c1) + timesSine(c3);
            columns[i] = a + d;
            columns[4 + i] = b + c;
            columns[8 + i] = b - c;
            columns[12 + i] = a - d;
        }
        for (int row = 0; row < 4; row++) {
            int first = columns[4 * row] + 4;
            int a = first + columns[4 * row + 2];
            int b = first - columns[4 * row + 2];
            int c = timesSine(columns[4 * row + 1]) - timesCosine(columns[4 * row + 3]);
            int d = timesCosine(columns[4 * row + 1]) + timesSine(columns[4 * row + 3]);
            int to = at + row * stride;
            samples[to] = Pixels.clip(sample(to) + (a + d >> 3));
            samples[to + 1] = Pixels.clip(sample(to + 1) + (b + c >> 3));
            samples[to + 2] = Pixels.clip(sample(to + 2) + (b - c >> 3));
            samples[to + 3] = Pixels.clip(sample(to + 3) + (a - d >> 3));
        }
        Arrays.fill(coefficients, offset, offset + 16, 0);
    }

    /** Multiplies by the square root of 2 times the cosine of pi / 8, in 16-bit fixed point. */
    private static int timesCosine(int value) {
        return (value * 20091 >> 16) + value;
    }

    /** Multiplies by the square root of 2 times the sine of pi / 8, in 16-bit fixed point. */
    private static int timesSine(int value) {
        return value * 35468 >> 16;
    }
}
