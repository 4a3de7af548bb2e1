package org.resnet4j.image.codec;

/**
 * The largest picture that is decoded. Sizes are checked before any pixel is, so that a small file that claims to be
 * huge (a decompression bomb) costs no memory.
 */
public final class PixelLimit {
    /** Pillow's {@code Image.MAX_IMAGE_PIXELS}: a quarter of a gigabyte at three bytes a pixel. */
    public static final long MAX_PIXELS = 1024L * 1024 * 1024 / 4 / 3;

    private PixelLimit() {}

    /** Checks the size of a picture that is decoded next, and waits until there is memory for it. */
    public static void check(ImageFormat format, long width, long height) throws MalformedImageException {
        checkSize(format, width, height);
        DecodingMemory.reserve(width * height);
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
