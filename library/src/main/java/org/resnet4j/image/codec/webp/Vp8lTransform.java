package org.resnet4j.image.codec.webp;

/** Transforms of the pixels of a lossless WebP picture, inverted row by row (RFC 9649, section 4). */
sealed interface Vp8lTransform permits Vp8lPredictor, Vp8lColorTransform, Vp8lSubtractGreen, Vp8lPalette {
    /** Restores row {@code y} in place; rows are processed in order from the top. */
    void restore(int[] row, int y);

    /** Returns the number of squares of {@code 1 << bits} pixels that span this many pixels. */
    static int squares(int pixels, int bits) {
        return pixels + (1 << bits) - 1 >> bits;
    }

    /** Adds the four samples of two pixels, each modulo 256. */
    static int add(int a, int b) {
        int alphaAndGreen = (a & 0xff00ff00) + (b & 0xff00ff00);
        int redAndBlue = (a & 0x00ff00ff) + (b & 0x00ff00ff);
        return alphaAndGreen & 0xff00ff00 | redAndBlue & 0x00ff00ff;
    }
}
