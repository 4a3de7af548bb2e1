package org.resnet4j.image.filter;

/**
 * The sizes of a picture whose shorter side is resized and whose center is then cut out: torchvision's
 * {@code Resize(size)} and {@code CenterCrop(crop)}.
 *
 * @param width the width after resizing
 * @param height the height after resizing
 * @param x the first column of the crop
 * @param y the first row of the crop
 * @param side the width and height of the crop
 */
public record CenterCrop(int width, int height, int x, int y, int side) {
    /**
     * Computes the sizes.
     *
     * @param pictureWidth the width of the picture
     * @param pictureHeight the height of the picture
     * @param size the shorter side after resizing
     * @param crop the side of the crop, at most {@code size}
     */
    public static CenterCrop of(int pictureWidth, int pictureHeight, int size, int crop) {
        int width = resizedWidth(pictureWidth, pictureHeight, size);
        int height = resizedHeight(pictureWidth, pictureHeight, size);
        return new CenterCrop(width, height, centered(width, crop), centered(height, crop), crop);
    }

    /** Returns the width of a picture after its shorter side became {@code size}. */
    public static int resizedWidth(int width, int height, int size) {
        return width <= height ? size : longerSide(size, width, height);
    }

    /** Returns the height of a picture after its shorter side became {@code size}. */
    public static int resizedHeight(int width, int height, int size) {
        return width <= height ? longerSide(size, height, width) : size;
    }

    private static int longerSide(int size, int longer, int shorter) {
        if (size < 1) {
            throw new IllegalArgumentException("the size must be at least 1, got " + size);
        }
        return Math.toIntExact((long) size * longer / shorter);
    }

    /**
     * Returns the start of the centered part of {@code size} pixels in {@code whole}; rounds half to even, like Python.
     */
    public static int centered(int whole, int size) {
        return (int) Math.rint((whole - size) / 2.0);
    }

    /** Returns the target columns of the crop in a picture between two edges. */
    public Taps.Range across(int sourceSize, float start, float end) {
        return new Taps.Range(sourceSize, start, end, width, x, x + side);
    }

    /** Returns the target rows of the crop in a picture between two edges. */
    public Taps.Range down(int sourceSize, float start, float end) {
        return new Taps.Range(sourceSize, start, end, height, y, y + side);
    }
}
