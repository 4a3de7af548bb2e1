package org.resnet4j.image;

import java.awt.image.BufferedImage;
import org.resnet4j.image.sample.Pixels;

/**
 * An 8-bit picture, rows from the top, channels interleaved: the sample of row {@code y}, column {@code x} and channel
 * {@code c} is {@code samples[(y * width + x) * channels + c]}.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param channels 1 (gray) or 3 (red, green, blue)
 * @param samples the storage itself, not a copy; unsigned bytes
 * @since 0.1.0
 */
public record Image(int width, int height, int channels, byte[] samples) {
    public Image {
        if (width < 1 || height < 1 || (channels != 1 && channels != 3)) {
            throw new IllegalArgumentException("an image needs at least one pixel and 1 or 3 channels, got " + width
                    + "x" + height + "x" + channels);
        }
        if (samples.length != Math.multiplyExact(Math.multiplyExact(width, height), channels)) {
            throw new IllegalArgumentException("an image of " + width + "x" + height + "x" + channels + " has "
                    + (long) width * height * channels + " samples, got " + samples.length);
        }
    }

    /**
     * Returns the image in shades of gray: {@code (19595 R + 38470 G + 7471 B + 32768) / 65536}, which is Pillow's
     * {@code convert("L")}; this image if it is gray already.
     */
    public Image toGray() {
        if (channels == 1) {
            return this;
        }
        byte[] gray = new byte[samples.length / 3];
        for (int i = 0; i < gray.length; i++) {
            gray[i] = Pixels.luma(samples[3 * i] & 0xff, samples[3 * i + 1] & 0xff, samples[3 * i + 2] & 0xff);
        }
        return new Image(width, height, 1, gray);
    }

    /** Returns the image with three channels, equal ones if it is gray; this image if it has three already. */
    public Image toRgb() {
        return channels == 3 ? this : new Image(width, height, 3, Pixels.grayToRgb(samples));
    }

    /**
     * Returns the pixels of a picture in memory, with the three channels of a decoded PNG file of the same pixels. Gray
     * becomes three equal channels, palettes are looked up, and alpha is dropped, not composited. Of 16-bit samples the
     * upper byte is kept. RGB and gray are taken as stored, regardless of the color profile. Other color spaces, other
     * sample sizes and colors multiplied by alpha are converted by the picture's {@link java.awt.image.ColorModel}.
     *
     * @param picture the picture, upright; copied
     */
    public static Image of(BufferedImage picture) {
        return Rasters.toRgb(picture);
    }
}
