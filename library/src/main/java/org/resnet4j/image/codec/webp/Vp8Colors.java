package org.resnet4j.image.codec.webp;

import org.resnet4j.image.Image;
import org.resnet4j.image.sample.Pixels;

/**
 * The conversion of VP8's planes to RGB with libwebp's rounding: chroma of half the size is interpolated with weights
 * 9, 3, 3 and 1, then converted by ITU-R 601 in 14-bit fixed point.
 */
final class Vp8Colors {
    private static final int FRACTION_BITS = 6;

    private Vp8Colors() {}

    static Image toRgb(int width, int height, Vp8Plane luma, Vp8Plane blueDifference, Vp8Plane redDifference) {
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        int[] u = new int[width];
        int[] v = new int[width];
        for (int y = 0, to = 0; y < height; y++) {
            enlargeRow(blueDifference, y, width, height, u);
            enlargeRow(redDifference, y, width, height, v);
            int from = luma.at(0, y);
            for (int x = 0; x < width; x++, to += 3) {
                int light = luma.sample(from + x) * 19077 >> 8;
                rgb[to] = clip(light + (v[x] * 26149 >> 8) - 14234);
                rgb[to + 1] = clip(light - (u[x] * 6419 >> 8) - (v[x] * 13320 >> 8) + 8708);
                rgb[to + 2] = clip(light + (u[x] * 33050 >> 8) - 17685);
            }
        }
        return new Image(width, height, 3, rgb);
    }

    private static void enlargeRow(Vp8Plane plane, int y, int width, int height, int[] row) {
        int lastX = (width - 1) / 2;
        int lastY = (height - 1) / 2;
        int near = plane.at(0, y / 2);
        int far = plane.at(0, Math.clamp((y & 1) == 0 ? y / 2 - 1 : y / 2 + 1, 0, lastY));
        for (int x = 0; x < width; x++) {
            int nearX = x / 2;
            int farX = (x & 1) == 0 ? nearX - 1 : nearX + 1;
            int a = plane.sample(near + nearX);
            int c = plane.sample(far + nearX);
            if (farX < 0 || farX > lastX) {
                row[x] = 3 * a + c + 2 >> 2;
            } else {
                int b = plane.sample(near + farX);
                int d = plane.sample(far + farX);
                row[x] = (a + b + c + d + 8 + 2 * (b + c) >> 3) + a >> 1;
            }
        }
    }

    private static byte clip(int value) {
        return Pixels.clip(value >> FRACTION_BITS);
    }
}
