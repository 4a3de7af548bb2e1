package org.resnet4j.image.codec.webp;

/**
 * The transform that adds the correlation of red and blue with green, and of blue with red (RFC 9649, section 4.2).
 *
 * @param width the width of a row
 * @param bits squares of {@code 1 << bits} pixels have the same factors
 * @param factors for each square: red to blue, green to blue and green to red in the bytes of red, green and blue
 */
record Vp8lColorTransform(int width, int bits, int[] factors) implements Vp8lTransform {
    @Override
    public void restore(int[] row, int y) {
        int rowOfSquares = (y >> bits) * Vp8lTransform.squares(width, bits);
        for (int x = 0; x < width; x++) {
            int factor = factors[rowOfSquares + (x >> bits)];
            int pixel = row[x];
            int green = pixel >> 8;
            int red = (pixel >> 16) + product(factor, green);
            int blue = pixel + product(factor >> 8, green) + product(factor >> 16, red);
            row[x] = pixel & 0xff00ff00 | (red & 0xff) << 16 | blue & 0xff;
        }
    }

    /** Multiplies the lowest bytes, which are signed. */
    private static int product(int a, int b) {
        return (byte) a * (byte) b >> 5;
    }
}
