package org.resnet4j.image.codec.jpeg;

import org.jspecify.annotations.Nullable;

/** One component of a JPEG picture (luma or a color difference), and its samples in the part that is decoded. */
final class JpegComponent {
    /** Its number in scan headers. */
    final int id;

    /** How many of its blocks lie beside each other, and above each other, in a unit. */
    final int columns;

    final int rows;

    /** Which quantization table it uses. */
    final int stepsNumber;

    /** How many samples a block becomes in each direction. */
    final int size;

    /** How many pixels a sample spans. */
    private final int spanX;

    private final int spanY;

    /** Whether samples that span two pixels are interpolated, not repeated. */
    private final boolean smooth;

    /** All of the component's samples, those of the part or not. */
    private final int width;

    private final int height;

    /** The blocks that hold them; units at the edges may have more. */
    final int blocksWide;

    final int blocksHigh;

    /** The samples of the part, and where they begin. */
    private final byte[] plane;

    private final int stride;
    private final int left;
    private final int top;
    private final int[] sums;

    // What the scan that is read says.
    @Nullable
    JpegHuffmanTable dc;

    @Nullable
    JpegHuffmanTable ac;

    /** The coefficient 0 of the block before. */
    int before;

    JpegComponent(int id, int columns, int rows, int stepsNumber, JpegPart part) {
        this.id = id;
        this.columns = columns;
        this.rows = rows;
        this.stepsNumber = stepsNumber;
        int shareX = part.unitColumns() / columns;
        int shareY = part.unitRows() / rows;
        int reduced = 8 / part.reduction();
        // Where color differences have half of the samples both ways, half of the reduction is done.
        boolean finer = shareX == 2 && shareY == 2 && reduced < 8;
        this.size = finer ? 2 * reduced : reduced;
        this.spanX = finer ? 1 : shareX;
        this.spanY = finer ? 1 : shareY;
        this.smooth = reduced > 1;
        this.width = Math.ceilDiv(part.pictureWidth() * size, 8 * shareX);
        this.height = Math.ceilDiv(part.pictureHeight() * size, 8 * shareY);
        this.blocksWide = Math.ceilDiv(part.pictureWidth(), 8 * shareX);
        this.blocksHigh = Math.ceilDiv(part.pictureHeight(), 8 * shareY);
        this.left = part.firstColumn() * columns * size;
        this.top = part.firstRow() * rows * size;
        this.stride = (part.endColumn() - part.firstColumn()) * columns * size;
        this.plane = new byte[Math.multiplyExact(stride, (part.endRow() - part.firstRow()) * rows * size)];
        this.sums = spanX == 2 ? new int[stride] : new int[0];
    }

    /** Transforms a block, which lies in the part, into its samples; clears it. */
    void write(JpegTransform transform, int[] block, int last, int blockX, int blockY) {
        transform.transform(block, last, size, plane, (blockY * size - top) * stride + blockX * size - left, stride);
    }

    /** Writes the values of {@code out.length} pixels of a row, from pixel {@code x} on. */
    void read(int x, int y, byte[] out) {
        if (spanX == 1 && spanY == 1) {
            System.arraycopy(plane, (y - top) * stride + x - left, out, 0, out.length);
            return;
        }
        int near = (Math.min(y / spanY, height - 1) - top) * stride;
        int far = near;
        if (smooth && spanY == 2) {
            int row = y % 2 == 0 ? y / 2 - 1 : y / 2 + 1;
            far = (Math.clamp(row, 0, height - 1) - top) * stride;
        }
        if (spanX == 1) {
            int bias = y % 2 == 0 ? 1 : 2;
            for (int i = 0, from = x - left; i < out.length; i++, from++) {
                out[i] = (byte) (3 * (plane[near + from] & 0xff) + (plane[far + from] & 0xff) + bias >> 2);
            }
        } else if (smooth) {
            interpolate(x, near, far, out);
        } else {
            for (int i = 0; i < out.length; i++) {
                out[i] = plane[near + (x + i) / 2 - left];
            }
        }
    }

    /** Three quarters of the nearer sample and one of the farther, in both directions; libjpeg's rounding. */
    private void interpolate(int x, int near, int far, byte[] out) {
        int first = Math.max(0, x / 2 - 1);
        int end = Math.min(width, (x + out.length - 1) / 2 + 2);
        boolean both = spanY == 2;
        for (int i = first; i < end; i++) {
            int sample = plane[near + i - left] & 0xff;
            sums[i - first] = both ? 3 * sample + (plane[far + i - left] & 0xff) : sample;
        }
        int shift = both ? 4 : 2;
        int evenBias = both ? 8 : 1;
        int oddBias = both ? 7 : 2;
        for (int i = 0; i < out.length; i++) {
            int at = (x + i) / 2;
            boolean even = (x + i) % 2 == 0;
            int beside = even ? Math.max(at - 1, first) : Math.min(at + 1, end - 1);
            int sum = 3 * sums[at - first] + sums[beside - first];
            out[i] = (byte) (sum + (even ? evenBias : oddBias) >> shift);
        }
    }

    /** Forgets the block before, as at the start of a scan. */
    void restart() {
        before = 0;
    }
}
