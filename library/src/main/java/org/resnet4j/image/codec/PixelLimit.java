package org.resnet4j.image.codec;

/**
 * The limit on the size of a picture. Sizes are checked before pixels are decoded, so that a small file that claims to
 * be huge (a decompression bomb) does not use memory.
 */
public final class PixelLimit {
    /** Pillow's {@code Image.MAX_IMAGE_PIXELS}: a quarter of a gigabyte at three bytes per pixel. */
    public static final long MAX_PIXELS = 1024L * 1024 * 1024 / 4 / 3;

    /**
     * Memory of most decoders for a pixel: their own image, the RGB image, and one that is turned upright or resized.
     */
    private static final int BYTES_PER_PIXEL = 12;

    private PixelLimit() {}

    /** Checks the size of a picture before it is decoded, and waits until there is memory for it. */
    public static void check(ImageFormat format, long width, long height) throws MalformedImageException {
        checkSize(format, width, height);
        DecodingMemory.reserve(width * height * BYTES_PER_PIXEL);
    }

    /** Checks the size of a picture. */
    public static void checkSize(ImageFormat format, long width, long height) throws MalformedImageException {
        if (width < 1 || height < 1) {
            throw new MalformedImageException(
                    "the " + format.label() + " header claims a size of " + width + "x" + height + " pixels");
        }
        if (width > MAX_PIXELS || height > MAX_PIXELS || width * height > MAX_PIXELS) {
            throw new MalformedImageException(width + "x" + height + " pixels are more than the limit of " + MAX_PIXELS
                    + " (a guard against decompression bombs)");
        }
    }
}
