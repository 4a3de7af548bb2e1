package org.resnet4j.image.codec.webp;

/**
 * The transform that looks up colors by their indices, which are stored in green; small indices are packed, up to eight
 * in a pixel (RFC 9649, section 4.4).
 *
 * @param width the width of an unpacked row
 * @param bits a pixel contains {@code 1 << bits} indices of {@code 8 >> bits} bits
 * @param colors 256 colors; those that the file does not define are 0
 */
record Vp8lPalette(int width, int bits, int[] colors) implements Vp8lTransform {
    @Override
    public void restore(int[] row, int y) {
        int numberBits = 8 >> bits;
        int mask = (1 << numberBits) - 1;
        int placeMask = (1 << bits) - 1;
        // From the right, because a packed pixel is never to the right of the pixels that it contains.
        for (int x = width - 1; x >= 0; x--) {
            int packed = row[x >> bits] >> 8 & 0xff;
            row[x] = colors[packed >> (x & placeMask) * numberBits & mask];
        }
    }
}
