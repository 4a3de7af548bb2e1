package org.resnet4j.image.sample;

/** Arithmetic on single samples, with Pillow's rounding. */
public final class Pixels {
    private Pixels() {}

    public static byte clip(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }

    /** Returns the ITU-R 601-2 luma in 16-bit fixed point, rounded: Pillow's conversion to mode L. */
    public static byte luma(int red, int green, int blue) {
        return (byte) (red * 19595 + green * 38470 + blue * 7471 + 0x8000 >> 16);
    }

    /** Separates the channels of {@code count} pixels that start at sample {@code at}. */
    public static void split(byte[] rgb, int at, byte[] red, byte[] green, byte[] blue, int count) {
        for (int i = 0, from = at; i < count; i++, from += 3) {
            red[i] = rgb[from];
            green[i] = rgb[from + 1];
            blue[i] = rgb[from + 2];
        }
    }

    /** Interleaves the channels of {@code count} pixels from sample {@code at}. */
    public static void join(byte[] red, byte[] green, byte[] blue, byte[] rgb, int at, int count) {
        for (int i = 0, to = at; i < count; i++, to += 3) {
            rgb[to] = red[i];
            rgb[to + 1] = green[i];
            rgb[to + 2] = blue[i];
        }
    }

    /** Replaces reds by lumas. */
    public static void lumas(byte[] red, byte[] green, byte[] blue, int count) {
        for (int i = 0; i < count; i++) {
            red[i] = luma(red[i] & 0xff, green[i] & 0xff, blue[i] & 0xff);
        }
    }

    public static byte[] grayToRgb(byte[] gray) {
        byte[] rgb = new byte[Math.multiplyExact(gray.length, 3)];
        for (int i = 0; i < gray.length; i++) {
            rgb[3 * i] = gray[i];
            rgb[3 * i + 1] = gray[i];
            rgb[3 * i + 2] = gray[i];
        }
        return rgb;
    }

    /** Subtracts the inks (0 to 255) from white, without a color profile. */
    public static void cmykToRgb(int cyan, int magenta, int yellow, int black, byte[] rgb, int offset) {
        int light = 255 - black;
        rgb[offset] = clip(light - product(cyan, light));
        rgb[offset + 1] = clip(light - product(magenta, light));
        rgb[offset + 2] = clip(light - product(yellow, light));
    }

    /** Returns a * b / 255, rounded. */
    private static int product(int a, int b) {
        int product = a * b + 128;
        return (product >> 8) + product >> 8;
    }
}
