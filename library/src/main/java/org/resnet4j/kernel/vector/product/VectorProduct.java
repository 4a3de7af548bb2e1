package org.resnet4j.kernel.vector.product;

import org.resnet4j.kernel.vector.product.Panels.Panel;
import org.resnet4j.parallel.Scratch;

/**
 * Products of many rows with packed panels, in register tiles: the loops around {@link VectorProductTiles}.
 *
 * <p>A row is given by its start in an array, so the same code reads matrices, windows of images and strided windows in
 * place. Edges (fewer rows or columns than a tile) are computed in a spare tile and copied.
 */
public final class VectorProduct {
    /** Rows of the tallest tile: index arrays are filled this far beyond their end. */
    public static final int MOST_TILE_ROWS = 16;

    /** A block of a panel that stays in the second-level cache together with the band: 256 KB. */
    private static final int BLOCK_FLOATS = 64 * 1024;

    private static final Scratch.Floats SPARE = new Scratch.Floats();
    private static final Scratch.Ints SPARE_ROWS = new Scratch.Ints();

    /** The sums of a tile, and the results at an edge. */
    private static final int SPARE_TILES = 2;

    private VectorProduct() {}

    /** Repeats the last of {@code count} indices so that a tile may read beyond the end. */
    public static void fillBeyond(int[] rows, int count) {
        int last = rows[count - 1];
        for (int i = count; i < count + MOST_TILE_ROWS; i++) {
            rows[i] = last;
        }
    }

    /** Computes {@code c = epilogue(a · b)} for all rows of {@code a} and all columns of {@code b}. */
    public static void multiply(Windows a, PackedColumns b, Results c, Epilogue epilogue, Scratch scratch) {
        int depth = a.depth();
        for (int p = b.from(); p < b.to(); p++) {
            Panel panel = b.panels().get(p);
            PackedColumns.Rows weights = b.rows(panel, depth);
            Results results = c.from(panel.first());
            int deepest = BLOCK_FLOATS / panel.width();
            if (depth <= deepest) {
                multiplyPanel(a, weights, results, epilogue, scratch);
                continue;
            }
            int blocks = Math.ceilDiv(a.tapLength(), deepest);
            int parts = a.taps() * blocks;
            for (int tap = 0; tap < a.taps(); tap++) {
                for (int block = 0; block < blocks; block++) {
                    int from = (int) ((long) block * a.tapLength() / blocks);
                    int to = (int) ((long) (block + 1) * a.tapLength() / blocks);
                    multiplyPanel(
                            a.part(tap, from, to),
                            weights.from(tap * a.tapLength() + from),
                            results,
                            epilogue.part(tap * blocks + block, parts),
                            scratch);
                }
            }
        }
    }

    private static void multiplyPanel(Windows a, PackedColumns.Rows b, Results c, Epilogue epilogue, Scratch scratch) {
        Panel panel = b.panel();
        int row = 0;
        if (panel.isFull()) {
            for (Tile tile = panel.tile(); tile != null; tile = panel.rest(tile)) {
                int end = row + (a.count() - row) / tile.rows * tile.rows;
                multiplyTiles(tile, a, row, end, b, c, epilogue, scratch);
                row = end;
            }
        }
        if (row < a.count()) {
            multiplyEdge(a, row, b, c, epilogue, scratch);
        }
    }

    /** Computes complete tiles: rows {@code row} to {@code end - 1}. */
    private static void multiplyTiles(
            Tile tile,
            Windows a,
            int row,
            int end,
            PackedColumns.Rows b,
            Results c,
            Epilogue epilogue,
            Scratch scratch) {
        if (epilogue.bias() == null) {
            boolean add = epilogue.add();
            for (int r = row; r < end; r += tile.rows) {
                product(tile, a, r, b, c, r, add);
            }
            return;
        }
        Results sums = spare(tile, b.panel(), scratch);
        for (int r = row; r < end; r += tile.rows) {
            product(tile, a, r, b, sums, 0, false);
            VectorTiles.finish(tile, sums.array(), epilogue, b.panel().first(), c, r);
        }
    }

    /** Returns a spare tile, followed by space for its results. */
    private static Results spare(Tile tile, Panel panel, Scratch scratch) {
        int[] rows = scratch.get(SPARE_ROWS, tile.rows);
        for (int m = 0; m < tile.rows; m++) {
            rows[m] = m * panel.width();
        }
        return new Results(scratch.get(SPARE, SPARE_TILES * panel.width() * tile.rows), rows, 0);
    }

    /** Computes fewer rows or columns than a tile has, in a spare tile, and copies them. */
    private static void multiplyEdge(
            Windows a, int row, PackedColumns.Rows b, Results c, Epilogue epilogue, Scratch scratch) {
        Panel panel = b.panel();
        Tile tile = panel.tile();
        boolean finished = epilogue.bias() != null;
        Results sums = spare(tile, panel, scratch);
        Results results = finished ? sums.from(tile.rows * panel.width()) : sums;
        for (int r = row; r < a.count(); r += tile.rows) {
            int valid = Math.min(tile.rows, a.count() - r);
            if (epilogue.add()) {
                for (int m = 0; m < valid; m++) {
                    System.arraycopy(
                            c.array(), c.rows()[r + m] + c.offset(), results.array(), at(results, m), panel.columns());
                }
            }
            product(tile, a, r, b, sums, 0, epilogue.add() && !finished);
            if (finished) {
                VectorTiles.finish(tile, sums.array(), epilogue, panel.first(), results, 0);
            }
            for (int m = 0; m < valid; m++) {
                System.arraycopy(
                        results.array(), at(results, m), c.array(), c.rows()[r + m] + c.offset(), panel.columns());
            }
        }
    }

    private static int at(Results results, int row) {
        return results.rows()[row] + results.offset();
    }

    private static void product(
            Tile tile, Windows a, int row, PackedColumns.Rows b, Results c, int resultRow, boolean add) {
        VectorProductTiles.product(
                tile,
                a.array(),
                a.rows(),
                row,
                a.offset(),
                a.taps(),
                a.tapStride(),
                a.tapLength(),
                b.array(),
                b.offset(),
                c.array(),
                c.rows(),
                resultRow,
                c.offset(),
                add);
    }
}
