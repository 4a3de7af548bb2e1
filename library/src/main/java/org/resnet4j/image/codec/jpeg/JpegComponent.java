package org.resnet4j.image.codec.jpeg;

import org.jspecify.annotations.Nullable;

/** One component of a JPEG picture (luma or a color difference), and its samples in the decoded part. */
final class JpegComponent {
    /** The identifier in scan headers. */
    final int id;

    /** The number of the component's blocks in a unit, horizontally and vertically. */
    final int columns;

    final int rows;

    /** The number of the quantization table. */
    final int stepsNumber;

    /** The number of samples of a block in each direction. */
    final int size;

    /** The number of pixels that a sample spans. */
    private final int spanX;

    private final int spanY;

    /** True if samples that span two pixels are interpolated, false if they are repeated. */
    private final boolean smooth;

    /** The number of samples of the whole component. */
    private final int width;

    private final int height;

    /** The number of blocks that contain them; units at the edges may have more. */
    final int blocksWide;

    final int blocksHigh;

    /** The samples of the part, and their position. */
    private final byte[] plane;

    private final int stride;
    private final int left;
    private final int top;
    private final int[] sums;

    // Properties from the current scan.
    @Nullable
    JpegHuffmanTable dc;

    @Nullable
    JpegHuffmanTable ac;

    /** The DC coefficient of the previous block. */
    int before;

    JpegComponent(int id, int columns, int rows, int stepsNumber, JpegPart part) {
        this.id = id;
        this.columns = columns;
        this.rows = rows;
        this.stepsNumber = stepsNumber;
        int shareX = part.unitColumns() / columns;
        int shareY = part.unitRows() / rows;
        int reduced = 8 / part.reduction();
        // If color differences are subsampled by two in both directions, half of the reduction is already done.
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

    /** Transforms a block of the part into its samples and clears it. */
    void write(JpegTransform transform, int[] block, int last, int blockX, int blockY) {
        transform.transform(block, last, size, plane, (blockY * size - top) * stride + blockX * size - left, stride);
    }

    /** Returns the values of {@code out.length} pixels of a row, from pixel {@code x}, in {@code out}. */
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

    /**
     * Interpolates with weights of 3/4 for the nearer sample and 1/4 for the farther one, in both directions, with
     * libjpeg's rounding.
     */
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

    /** Forgets the previous block, as at the start of a scan. */
    void restart() {
        before = 0;
    }
}
