package org.resnet4j.image.codec.webp;

/**
 * The transform that adds green to red and blue (RFC 9649, section 4.3).
 *
 * @param width the width of a row
 */
record Vp8lSubtractGreen(int width) implements Vp8lTransform {
    @Override
    public void restore(int[] row, int y) {
        for (int x = 0; x < width; x++) {
            int green = row[x] >> 8 & 0xff;
            row[x] = Vp8lTransform.add(row[x], green << 16 | green);
        }
    }
}
