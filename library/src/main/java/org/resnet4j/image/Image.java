package org.resnet4j.image;

/**
 * An 8-bit picture, rows from the top, channels interleaved: the sample of row {@code y}, column {@code x} and channel
 * {@code c} is {@code samples[(y * width + x) * channels + c]}.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param channels 1 (gray) or 3 (red, green, blue)
 * @param samples the storage itself, not a copy; unsigned bytes
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
}
