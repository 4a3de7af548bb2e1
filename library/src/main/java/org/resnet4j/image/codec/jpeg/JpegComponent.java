package org.resnet4j.image.codec.jpeg;

import org.jspecify.annotations.Nullable;
import org.resnet4j.image.sample.Pixels;
import org.resnet4j.kernel.CosineTransform;
import org.resnet4j.kernel.PixelKernel;

/**
 * One component of a JPEG picture (luma or a color difference), and its samples in the two last rows of units of the
 * decoded part.
 */
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

    /** The samples of two rows of units, in turns, and their first column. */
    private final byte[] plane;

    private final int stride;
    private final int left;

    /** The number of rows in the plane. */
    private final int capacity;

    /** Samples at twice their number. */
    private final byte[] wide;

    private final PixelKernel kernel;

    /** The coefficients of blocks that are not transformed yet, for each row of blocks in a unit. */
    private final int[][] pending;

    /** The number of those blocks, and the column of the first one. */
    private final int[] pendingCount;

    private final int[] pendingColumn;

    /** The places of coefficients in {@link #pending}, in zigzag order. */
    final int[] positions;

    // Properties from the current scan.
    @Nullable
    JpegHuffmanTable dc;

    @Nullable
    JpegHuffmanTable ac;

    /** The DC coefficient of the previous block. */
    int before;

    JpegComponent(int id, int columns, int rows, int stepsNumber, JpegPart part, PixelKernel kernel) {
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
        this.kernel = kernel;
        this.left = part.firstColumn() * columns * size;
        int samples = (part.endColumn() - part.firstColumn()) * columns * size;
        // The last blocks of a row are transformed together with some that do not exist.
        this.stride = samples + size * kernel.blocks();
        this.capacity = 2 * rows * size;
        this.plane = new byte[Math.multiplyExact(stride, capacity) + PixelKernel.PADDING];
        this.wide = new byte[spanX == 2 ? 2 * stride + PixelKernel.PADDING : 0];
        int together = size == 1 ? 1 : kernel.blocks();
        this.positions = JpegTables.positions(together);
        this.pending = new int[rows][64 * together];
        this.pendingCount = new int[rows];
        this.pendingColumn = new int[rows];
    }

    /** Returns true if a row of pixels may need the samples of the row of units below it. */
    boolean needsNextUnit() {
        return smooth && spanY == 2;
    }

    /** Returns the array for the coefficients of the next block in a row of blocks of a unit, in {@link #positions}. */
    int[] block(int row) {
        return pending[row];
    }

    /** Returns the summand of {@link #positions} for the next block. */
    int lane(int row) {
        return pendingCount[row];
    }

    /**
     * Takes the coefficients that were written into {@link #block}. They are cleared, now or later.
     *
     * @param sum the sum of their magnitudes except the first one's
     * @return false if they are too large
     */
    boolean add(int sum, int blockX, int unitY, int row) {
        int[] block = pending[row];
        int mean = block[pendingCount[row]];
        if (size == 1) {
            // Coefficients are eight times as large as samples, which are centered at 128.
            plane[at(blockX, unitY, row)] = Pixels.clip((mean + 4 >> 3) + 128);
            return true;
        }
        if (mean >= CosineTransform.LARGEST_SUM
                || mean <= -CosineTransform.LARGEST_SUM
                || Math.abs(mean) >= CosineTransform.LARGEST_SUM - sum) {
            return false;
        }
        if (pendingCount[row] == 0) {
            pendingColumn[row] = blockX;
        }
        pendingCount[row]++;
        if (pendingCount[row] == kernel.blocks()) {
            transform(unitY, row);
        }
        return true;
    }

    /** Transforms the blocks that are pending at the end of a row of units. */
    void endRow(int unitY) {
        for (int row = 0; row < rows; row++) {
            if (pendingCount[row] > 0) {
                transform(unitY, row);
            }
        }
    }

    private void transform(int unitY, int row) {
        kernel.inverseTransform(pending[row], size, plane, at(pendingColumn[row], unitY, row), stride);
        pendingCount[row] = 0;
    }

    private int at(int blockX, int unitY, int row) {
        return (unitY * rows + row) * size % capacity * stride + blockX * size - left;
    }

    /** Returns the values of {@code count} pixels of a row, from pixel {@code x}, in {@code out}. */
    void read(int x, int y, int count, byte[] out) {
        int near = start(Math.min(y / spanY, height - 1));
        int far = near;
        if (smooth && spanY == 2) {
            int row = y % 2 == 0 ? y / 2 - 1 : y / 2 + 1;
            far = start(Math.clamp(row, 0, height - 1));
        }
        if (spanX == 1 && spanY == 1) {
            System.arraycopy(plane, near + x, out, 0, count);
        } else if (spanX == 1) {
            kernel.mixRows(plane, near + x, far + x, y % 2 == 0 ? 1 : 2, out, count);
        } else if (smooth) {
            int first = Math.max(0, x / 2 - 1);
            int end = Math.min(width, (x + count - 1) / 2 + 2);
            if (spanY == 2) {
                kernel.widenBoth(plane, near + first, far + first, end - first, wide);
            } else {
                kernel.widen(plane, near + first, end - first, wide);
            }
            System.arraycopy(wide, x - 2 * first, out, 0, count);
        } else {
            for (int i = 0; i < count; i++) {
                out[i] = plane[near + (x + i) / 2];
            }
        }
    }

    /** Returns the position of column 0 in a row of samples. */
    private int start(int row) {
        return row % capacity * stride - left;
    }

    /** Forgets the previous block, as at the start of a scan. */
    void restart() {
        before = 0;
    }
}
