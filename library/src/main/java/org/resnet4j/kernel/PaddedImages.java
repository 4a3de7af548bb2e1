package org.resnet4j.kernel;

/**
 * The layout of images in an array of bytes or bfloat16 numbers: NHWC, with a halo of pixels around each image that
 * convolutions read as padding, and with the channels of a pixel filled up to a multiple of what the processor multiplies
 * and adds at once.
 *
 * @param batch N, the number of images
 * @param height H, the rows without the halo
 * @param width W, the columns without the halo
 * @param channels C, the channels that have values
 * @param halo the pixels on each side of an image
 * @param atOnce the elements that the processor multiplies and adds at once
 */
public record PaddedImages(int batch, int height, int width, int channels, int halo, int atOnce) {
    /** The bytes that the processor multiplies and adds at once. */
    public static final int BYTES_AT_ONCE = 4;

    /** The bfloat16 numbers that the processor multiplies and adds at once. */
    public static final int BFLOATS_AT_ONCE = 2;

    public PaddedImages {
        if (batch < 1 || height < 1 || width < 1 || channels < 1 || halo < 0 || atOnce < 1) {
            throw new IllegalArgumentException(
                    "images of " + batch + "x" + height + "x" + width + "x" + channels + " with a halo of " + halo);
        }
        // Positions in bytes are integers as well.
        Math.toIntExact(
                (height + 2L * halo) * (width + 2L * halo) * batch * filled(channels, atOnce) * BYTES_AT_ONCE / atOnce);
    }

    /** Returns the layout of images in bytes. */
    public static PaddedImages ofBytes(int batch, int height, int width, int channels, int halo) {
        return new PaddedImages(batch, height, width, channels, halo, BYTES_AT_ONCE);
    }

    /** Returns the layout of images in bfloat16. */
    public static PaddedImages ofBFloats(int batch, int height, int width, int channels, int halo) {
        return new PaddedImages(batch, height, width, channels, halo, BFLOATS_AT_ONCE);
    }

    private static int filled(int channels, int atOnce) {
        return Math.ceilDiv(channels, atOnce) * atOnce;
    }

    /** Returns the elements of a pixel: the channels, filled up to a multiple of {@code atOnce}. */
    public int pixelLength() {
        return filled(channels, atOnce);
    }

    /** Returns the elements from a row to the next. */
    public int rowLength() {
        return (width + 2 * halo) * pixelLength();
    }

    /** Returns the elements of an image with its halo. */
    public int imageLength() {
        return (height + 2 * halo) * rowLength();
    }

    /** Returns the elements of all images. */
    public int length() {
        return batch * imageLength();
    }

    /**
     * Returns the position of a pixel in its image.
     *
     * @param row the row, from {@code -halo}
     * @param column the column, from {@code -halo}
     */
    public int position(int row, int column) {
        return (row + halo) * rowLength() + (column + halo) * pixelLength();
    }

    /**
     * Returns the position of a pixel.
     *
     * @param row the row, from {@code -halo}
     * @param column the column, from {@code -halo}
     */
    public int position(int image, int row, int column) {
        return image * imageLength() + position(row, column);
    }

    /**
     * Returns the position of a pixel.
     *
     * @param pixel its number, counted over all images without their halos
     */
    public int position(int pixel) {
        int row = pixel / width;
        return position(row / height, row % height, pixel % width);
    }

    /** Returns true if other images have the same number, size and channels. */
    boolean isOf(int otherBatch, int otherHeight, int otherWidth, int otherChannels) {
        return batch == otherBatch && height == otherHeight && width == otherWidth && channels == otherChannels;
    }

    /** Checks the lengths of the images and of an array with a number for each channel of each image. */
    public void check(byte[] images, int[] numbers) {
        if (images.length < length() || numbers.length < batch * channels) {
            throw new IllegalArgumentException(
                    "arrays of " + images.length + " bytes and " + numbers.length + " integers for " + this);
        }
    }
}
