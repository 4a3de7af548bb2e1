package org.resnet4j.kernel.vector.product;

import java.util.Arrays;
import org.resnet4j.kernel.vector.product.Panels.Panel;
import org.resnet4j.parallel.Scratch;

/**
 * Products of many rows by packed panels, in register tiles: the loops around {@link VectorTiles}.
 *
 * <p>A row is given by where it begins in an array, so the same code reads matrices, windows of images and strided
 * windows in place. Edges (fewer rows or columns than a tile) are computed into a spare tile and copied.
 */
public final class VectorProduct {
    /** Rows of the tallest tile: index arrays are filled that far beyond their end. */
    public static final int MOST_TILE_ROWS = 16;

    /** A block of a panel that stays in the second-level cache beside the band: 256 KB. */
    private static final int BLOCK_FLOATS = 64 * 1024;

    private static final Scratch.Floats SPARE = new Scratch.Floats();
    private static final Scratch.Ints SPARE_OUTS = new Scratch.Ints();

    /** A tile's sums, and the results at an edge. */
    private static final int SPARE_TILES = 2;

    private VectorProduct() {}

    /** Repeats the last of {@code count} indices so that a tile may read beyond the end. */
    public static void fillBeyond(int[] rows, int count) {
        int last = rows[count - 1];
        for (int i = count; i < count + MOST_TILE_ROWS; i++) {
            rows[i] = last;
        }
    }

    /**
     * {@code c[outs[r] + cOffset + n] = epilogue(Σ a[rows[r] + tap·tapStride + k] · b[tap, k, n])} for all rows r and the
     * columns n of panels {@code fromPanel} to {@code toPanel - 1}.
     *
     * @param rows where each row begins, filled beyond the end by {@link #fillBeyond}
     * @param outs where each row of results begins, filled likewise
     * @param b a matrix of taps·tapLength rows packed by {@code panels}, from {@code bOffset}
     */
    public static void multiply(
            float[] a,
            int[] rows,
            int[] outs,
            int count,
            int taps,
            int tapStride,
            int tapLength,
            Panels panels,
            int fromPanel,
            int toPanel,
            float[] b,
            int bOffset,
            float[] c,
            int cOffset,
            Epilogue epilogue,
            Scratch scratch) {
        int depth = taps * tapLength;
        for (int p = fromPanel; p < toPanel; p++) {
            Panel panel = panels.get(p);
            int start = bOffset + panels.packedOffset(panel, depth);
            int out = cOffset + panel.first();
            int deepest = BLOCK_FLOATS / panel.width();
            if (depth <= deepest) {
                multiplyPanel(
                        a, rows, outs, count, 0, taps, tapStride, tapLength, panel, b, start, c, out, epilogue,
                        scratch);
                continue;
            }
            int blocks = Math.ceilDiv(tapLength, deepest);
            int parts = taps * blocks;
            for (int tap = 0; tap < taps; tap++) {
                for (int block = 0; block < blocks; block++) {
                    int from = (int) ((long) block * tapLength / blocks);
                    int to = (int) ((long) (block + 1) * tapLength / blocks);
                    multiplyPanel(
                            a,
                            rows,
                            outs,
                            count,
                            tap * tapStride + from,
                            1,
                            0,
                            to - from,
                            panel,
                            b,
                            start + (tap * tapLength + from) * panel.width(),
                            c,
                            out,
                            epilogue.part(tap * blocks + block, parts),
                            scratch);
                }
            }
        }
    }

    private static void multiplyPanel(
            float[] a,
            int[] rows,
            int[] outs,
            int count,
            int aOffset,
            int taps,
            int tapStride,
            int tapLength,
            Panel panel,
            float[] b,
            int bOffset,
            float[] c,
            int cOffset,
            Epilogue epilogue,
            Scratch scratch) {
        int row = 0;
        if (panel.isFull()) {
            for (Tile tile = panel.tile(); tile != null; tile = panel.rest(tile)) {
                int end = row + (count - row) / tile.rows * tile.rows;
                multiplyTiles(
                        tile, a, rows, row, end, aOffset, taps, tapStride, tapLength, panel, b, bOffset, c, outs,
                        cOffset, epilogue, scratch);
                row = end;
            }
        }
        if (row < count) {
            multiplyEdge(
                    a, rows, row, count, aOffset, taps, tapStride, tapLength, panel, b, bOffset, c, outs, cOffset,
                    epilogue, scratch);
        }
    }

    /** Whole tiles: rows {@code row} to {@code end - 1}. */
    private static void multiplyTiles(
            Tile tile,
            float[] a,
            int[] rows,
            int row,
            int end,
            int aOffset,
            int taps,
            int tapStride,
            int tapLength,
            Panel panel,
            float[] b,
            int bOffset,
            float[] c,
            int[] outs,
            int cOffset,
            Epilogue epilogue,
            Scratch scratch) {
        boolean add = epilogue.add();
        float[] bias = epilogue.bias();
        if (bias == null) {
            for (int r = row; r < end; r += tile.rows) {
                VectorProductTiles.product(
                        tile, a, rows, r, aOffset, taps, tapStride, tapLength, b, bOffset, c, outs, r, cOffset, add);
            }
            return;
        }
        int biasAt = epilogue.biasStart() + panel.first();
        float least = epilogue.least();
        float[] sums = scratch.get(SPARE, SPARE_TILES * panel.width() * tile.rows);
        int[] sumsOuts = spareOuts(tile, panel, scratch);
        for (int r = row; r < end; r += tile.rows) {
            VectorProductTiles.product(
                    tile, a, rows, r, aOffset, taps, tapStride, tapLength, b, bOffset, sums, sumsOuts, 0, 0, false);
            VectorTiles.finish(tile, sums, bias, biasAt, c, outs, r, cOffset, add, least);
        }
    }

    /** Where the rows of a tile that is computed aside begin. */
    private static int[] spareOuts(Tile tile, Panel panel, Scratch scratch) {
        int[] outs = scratch.get(SPARE_OUTS, tile.rows);
        for (int m = 0; m < tile.rows; m++) {
            outs[m] = m * panel.width();
        }
        return outs;
    }

    /** Fewer rows or columns than a tile has: computed aside and copied. */
    private static void multiplyEdge(
            float[] a,
            int[] rows,
            int row,
            int count,
            int aOffset,
            int taps,
            int tapStride,
            int tapLength,
            Panel panel,
            float[] b,
            int bOffset,
            float[] c,
            int[] outs,
            int cOffset,
            Epilogue epilogue,
            Scratch scratch) {
        Tile tile = panel.tile();
        boolean add = epilogue.add();
        float[] bias = epilogue.bias();
        int width = panel.width();
        int size = tile.rows * width;
        float[] spare = scratch.get(SPARE, SPARE_TILES * size);
        int[] spareOuts = spareOuts(tile, panel, scratch);
        int results = bias == null ? 0 : size;
        for (int r = row; r < count; r += tile.rows) {
            int valid = Math.min(tile.rows, count - r);
            if (add) {
                for (int m = 0; m < valid; m++) {
                    System.arraycopy(c, outs[r + m] + cOffset, spare, results + m * width, panel.columns());
                }
            }
            boolean addFirst = add && bias == null;
            VectorProductTiles.product(
                    tile, a, rows, r, aOffset, taps, tapStride, tapLength, b, bOffset, spare, spareOuts, 0, 0,
                    addFirst);
            if (bias != null) {
                int biasAt = epilogue.biasStart() + panel.first();
                VectorTiles.finish(tile, spare, bias, biasAt, spare, spareOuts, 0, results, add, epilogue.least());
            }
            for (int m = 0; m < valid; m++) {
                System.arraycopy(spare, results + m * width, c, outs[r + m] + cOffset, panel.columns());
            }
        }
    }

    /**
     * {@code c[cOffset + k·cStride + n] += Σ a[rows[r] + aOffset + k] · b[r, n]} over all rows r, for k below {@code depth}
     * and the columns n of one panel.
     *
     * @param a may be read up to a tile's rows beyond {@code depth}
     * @param b {@code [count, bStride]} with at least the panel's width in each row, from {@code bOffset}
     */
    public static void addOuter(
            float[] a,
            int[] rows,
            int firstRow,
            int count,
            int aOffset,
            int depth,
            Panel panel,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride,
            Scratch scratch) {
        Tile tile = panel.outerTile();
        int k = 0;
        if (panel.isFull()) {
            for (Tile next = tile; next != null; next = next.outerRest()) {
                tile = next;
                int end = k + tile.outerRows(depth - k);
                for (; k < end; k += tile.rows) {
                    VectorOuterTiles.outer(
                            tile,
                            a,
                            rows,
                            firstRow,
                            count,
                            aOffset + k,
                            b,
                            bOffset,
                            bStride,
                            c,
                            cOffset + k * cStride,
                            cStride);
                }
            }
        }
        if (k == depth) {
            return;
        }
        int width = panel.width();
        float[] spare = scratch.get(SPARE, tile.rows * width);
        for (; k < depth; k += tile.rows) {
            Arrays.fill(spare, 0, tile.rows * width, 0f);
            VectorOuterTiles.outer(tile, a, rows, firstRow, count, aOffset + k, b, bOffset, bStride, spare, 0, width);
            int valid = Math.min(tile.rows, depth - k);
            for (int m = 0; m < valid; m++) {
                int to = cOffset + (k + m) * cStride;
                for (int n = 0; n < panel.columns(); n++) {
                    c[to + n] += spare[m * width + n];
                }
            }
        }
    }
}
