package org.resnet4j.kernel;

/**
 * The layout of quantized images in an array of bytes: NHWC, with a halo of pixels around each image that convolutions
 * read as padding, and with the channels of a pixel filled up to a multiple of four.
 *
 * @param batch N, the number of images
 * @param height H, the rows without the halo
 * @param width W, the columns without the halo
 * @param channels C, the channels that have values
 * @param halo the pixels on each side of an image
 */
public record ByteImages(int batch, int height, int width, int channels, int halo) {
    /** The number of bytes that the processor multiplies and adds at once. */
    public static final int QUAD = 4;

    public ByteImages {
        if (batch < 1 || height < 1 || width < 1 || channels < 1 || halo < 0) {
            throw new IllegalArgumentException(
                    "images of " + batch + "x" + height + "x" + width + "x" + channels + " with a halo of " + halo);
        }
        Math.toIntExact((long) batch * imageBytes(height, width, channels, halo));
    }

    private static long imageBytes(int height, int width, int channels, int halo) {
        return (height + 2L * halo) * (width + 2L * halo) * filled(channels);
    }

    private static int filled(int channels) {
        return Math.ceilDiv(channels, QUAD) * QUAD;
    }

    /** Returns the bytes of a pixel: the channels, filled up to a multiple of four. */
    public int pixelBytes() {
        return filled(channels);
    }

    /** Returns the bytes from a row to the next. */
    public int rowBytes() {
        return (width + 2 * halo) * pixelBytes();
    }

    /** Returns the bytes of an image with its halo. */
    public int imageBytes() {
        return (height + 2 * halo) * rowBytes();
    }

    /** Returns the bytes of all images. */
    public int bytes() {
        return batch * imageBytes();
    }

    /**
     * Returns the position of a pixel in its image.
     *
     * @param row the row, from {@code -halo}
     * @param column the column, from {@code -halo}
     */
    public int position(int row, int column) {
        return (row + halo) * rowBytes() + (column + halo) * pixelBytes();
    }

    /**
     * Returns the position of a pixel.
     *
     * @param row the row, from {@code -halo}
     * @param column the column, from {@code -halo}
     */
    public int position(int image, int row, int column) {
        return image * imageBytes() + position(row, column);
    }

    /** Checks the lengths of the images and of an array with a number for each channel of each image. */
    public void check(byte[] images, int[] numbers) {
        if (images.length < bytes() || numbers.length < batch * channels) {
            throw new IllegalArgumentException(
                    "arrays of " + images.length + " bytes and " + numbers.length + " integers for " + this);
        }
    }
}
