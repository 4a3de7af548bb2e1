package org.resnet4j.image;

import org.resnet4j.image.sample.Pixels;

/**
 * Converts between pictures of one channel (grey) and of three (red, green, blue).
 */
public final class Channels {
    private Channels() {}

    /**
     * The picture in shades of grey: {@code (19595 R + 38470 G + 7471 B + 32768) / 65536}, which is Pillow's
     * {@code convert("L")}; the same object where it already is grey.
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

    /** The picture with three channels, equal ones if it was grey; the same object where it already has three. */
    public static Image toRgb(Image image) {
        return image.channels() == 3
                ? image
                : new Image(image.width(), image.height(), 3, Pixels.grayToRgb(image.samples()));
    }
}
