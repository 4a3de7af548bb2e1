package org.resnet4j.image.codec.webp;

/**
 * Looks up colors by their numbers, which are in green; small numbers are packed, up to eight in a pixel (RFC 9649,
 * section 4.4).
 *
 * @param width of a row, once it is unpacked
 * @param bits a pixel holds {@code 1 << bits} numbers of {@code 8 >> bits} bits
 * @param colors 256 of them; those that the file does not have are 0
 */
record Vp8lPalette(int width, int bits, int[] colors) implements Vp8lTransform {
    @Override
    public void restore(int[] row, int y) {
        int numberBits = 8 >> bits;
        int mask = (1 << numberBits) - 1;
        int placeMask = (1 << bits) - 1;
        // From the right: a packed pixel is never to the right of those that it holds.
        for (int x = width - 1; x >= 0; x--) {
            int packed = row[x >> bits] >> 8 & 0xff;
            row[x] = colors[packed >> (x & placeMask) * numberBits & mask];
        }
    }
}
