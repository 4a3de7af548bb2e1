package org.resnet4j.image;

import org.resnet4j.image.sample.Pixels;

/** Conversions between pictures of one channel (gray) and of three (red, green, blue). */
public final class Channels {
    private Channels() {}

    /**
     * Returns the picture in gray: {@code (19595 R + 38470 G + 7471 B + 32768) / 65536}, like Pillow's
     * {@code convert("L")}; the same object if it already is gray.
     */
    public static Image toGray(Image image) {
        if (image.channels() == 1) {
            return image;
        }
        byte[] rgb = image.samples();
        byte[] gray = new byte[rgb.length / 3];
        for (int i = 0; i < gray.length; i++) {
            gray[i] = Pixels.luma(rgb[3 * i] & 0xff, rgb[3 * i + 1] & 0xff, rgb[3 * i + 2] & 0xff);
        }
        return new Image(image.width(), image.height(), 1, gray);
    }

    /**
     * Returns the picture with three channels, which are equal if it was gray; the same object if it already has three.
     */
    public static Image toRgb(Image image) {
        return image.channels() == 3
                ? image
                : new Image(image.width(), image.height(), 3, Pixels.grayToRgb(image.samples()));
    }
}
