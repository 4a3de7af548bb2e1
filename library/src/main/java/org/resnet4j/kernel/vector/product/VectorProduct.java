package org.resnet4j.kernel.vector.product;

import org.resnet4j.kernel.product.Epilogue;
import org.resnet4j.kernel.product.PackedColumns;
import org.resnet4j.kernel.product.PanelProduct;
import org.resnet4j.kernel.product.Panels.Panel;
import org.resnet4j.kernel.product.Results;
import org.resnet4j.kernel.product.Tile;
import org.resnet4j.kernel.product.Windows;
import org.resnet4j.parallel.Scratch;

/**
 * Products in register tiles on the Vector API: the loops around {@link VectorProductTiles}. Edges (fewer rows or columns
 * than a tile) are computed in a spare tile and copied.
 */
public final class VectorProduct implements PanelProduct {
    private static final Scratch.Floats SPARE = new Scratch.Floats();
    private static final Scratch.Ints SPARE_ROWS = new Scratch.Ints();

    /** The sums of a tile, and the results at an edge. */
    private static final int SPARE_TILES = 2;

    @Override
    public void multiply(Windows a, PackedColumns.Rows b, Results c, Epilogue epilogue, Scratch scratch) {
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
