package org.resnet4j.image.codec.webp;

import org.resnet4j.image.sample.PixelRows;
import org.resnet4j.image.sample.Pixels;
import org.resnet4j.image.sample.Region;

/**
 * The conversion of VP8's planes to RGB with libwebp's rounding: chroma of half the size is interpolated with weights
 * 9, 3, 3 and 1, then converted by ITU-R 601 in 14-bit fixed point.
 */
final class Vp8Colors {
    private static final int FRACTION_BITS = 6;

    private Vp8Colors() {}

    /** Passes on a part of a picture of {@code width} x {@code height} pixels. */
    static void toRgb(int width, int height, Vp8Plane[] planes, Region region, PixelRows rows) {
        byte[][] rgb = new byte[3][region.width() + PixelRows.PADDING];
        int[] u = new int[width];
        int[] v = new int[width];
        for (int y = region.y(); y < region.y() + region.height(); y++) {
            enlargeRow(planes[1], y, width, height, u);
            enlargeRow(planes[2], y, width, height, v);
            convert(planes[0], planes[0].at(region.x(), y), region.x(), u, v, rgb, region.width());
            rows.next(rgb);
        }
    }

    private static void convert(Vp8Plane luma, int from, int at, int[] u, int[] v, byte[][] rgb, int count) {
        byte[] red = rgb[0];
        byte[] green = rgb[1];
        byte[] blue = rgb[2];
        for (int x = 0; x < count; x++) {
            int light = luma.sample(from + x) * 19077 >> 8;
            int blueDifference = u[at + x];
            int redDifference = v[at + x];
            red[x] = clip(light + (redDifference * 26149 >> 8) - 14234);
            green[x] = clip(light - (blueDifference * 6419 >> 8) - (redDifference * 13320 >> 8) + 8708);
            blue[x] = clip(light + (blueDifference * 33050 >> 8) - 17685);
        }
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
