package org.resnet4j.image.codec.webp;

/**
 * The transform that adds to each pixel its prediction from the neighbors to the left and above (RFC 9649, section
 * 4.1).
 */
final class Vp8lPredictor implements Vp8lTransform {
    private static final int BLACK = 0xff000000;

    private final int width;
    private final int bits;
    private final int[] modes;

    /**
     * The row above, followed by the first pixel of the row itself, which is above and to the right of the last pixel.
     */
    private final int[] above;

    /**
     * Creates the transform.
     *
     * @param width the width of a row
     * @param bits squares of {@code 1 << bits} pixels have the same mode
     * @param modes the mode of each square, in green
     */
    Vp8lPredictor(int width, int bits, int[] modes) {
        this.width = width;
        this.bits = bits;
        this.modes = modes;
        this.above = new int[width + 1];
    }

    @Override
    public void restore(int[] row, int y) {
        row[0] = Vp8lTransform.add(row[0], y == 0 ? BLACK : above[0]);
        above[width] = row[0];
        int rowOfSquares = (y >> bits) * Vp8lTransform.squares(width, bits);
        for (int x = 1; x < width; x++) {
            int mode = y == 0 ? 1 : modes[rowOfSquares + (x >> bits)] >> 8 & 15;
            row[x] = Vp8lTransform.add(row[x], predict(mode, row[x - 1], above[x - 1], above[x], above[x + 1]));
        }
        System.arraycopy(row, 0, above, 0, width);
    }

    private static int predict(int mode, int left, int topLeft, int top, int topRight) {
        return switch (mode) {
            case 1 -> left;
            case 2 -> top;
            case 3 -> topRight;
            case 4 -> topLeft;
            case 5 -> mean(mean(left, topRight), top);
            case 6 -> mean(left, topLeft);
            case 7 -> mean(left, top);
            case 8 -> mean(topLeft, top);
            case 9 -> mean(top, topRight);
            case 10 -> mean(mean(left, topLeft), mean(top, topRight));
            case 11 -> nearer(left, topLeft, top);
            case 12 -> gradient(left, topLeft, top);
            case 13 -> halfGradient(mean(left, top), topLeft);
            default -> BLACK;
        };
    }

    /** Returns the means of the four samples, rounded down. */
    private static int mean(int a, int b) {
        return (((a ^ b) & 0xfefefefe) >>> 1) + (a & b);
    }

    /** Returns left or top, whichever is closer to left + top - topLeft. */
    private static int nearer(int left, int topLeft, int top) {
        int toLeft = 0;
        int toTop = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int corner = topLeft >>> shift & 0xff;
            toLeft += Math.abs((top >>> shift & 0xff) - corner);
            toTop += Math.abs((left >>> shift & 0xff) - corner);
        }
        return toLeft < toTop ? left : top;
    }

    private static int gradient(int left, int topLeft, int top) {
        int result = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int sample = (left >>> shift & 0xff) + (top >>> shift & 0xff) - (topLeft >>> shift & 0xff);
            result |= Math.clamp(sample, 0, 255) << shift;
        }
        return result;
    }

    private static int halfGradient(int mean, int topLeft) {
        int result = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int sample = mean >>> shift & 0xff;
            result |= Math.clamp(sample + (sample - (topLeft >>> shift & 0xff)) / 2, 0, 255) << shift;
        }
        return result;
    }
}
