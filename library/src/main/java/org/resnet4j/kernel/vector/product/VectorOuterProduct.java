package org.resnet4j.kernel.vector.product;

import java.util.Arrays;
import org.resnet4j.kernel.product.OuterProduct;
import org.resnet4j.kernel.product.Panels.Panel;
import org.resnet4j.kernel.product.Tile;
import org.resnet4j.parallel.Scratch;

/** Sums of outer products over pixels, in the tiles on the Vector API. */
public final class VectorOuterProduct implements OuterProduct {
    private static final Scratch.Floats SPARE = new Scratch.Floats();

    @Override
    public void add(Inputs a, Gradients b, Sums sums, Scratch scratch) {
        if (sums.padded()) {
            addWholeTiles(a, b, sums);
            return;
        }
        Panel panel = b.panel();
        Tile tile = panel.outerTile();
        int k = 0;
        if (panel.isFull()) {
            for (Tile next = tile; next != null; next = next.outerRest()) {
                tile = next;
                int end = k + tile.outerRows(a.depth() - k);
                for (; k < end; k += tile.rows) {
                    outer(tile, a, k, b, sums.array(), sums.offset() + k * sums.stride(), sums.stride());
                }
            }
        }
        if (k < a.depth()) {
            addRest(tile, a, k, b, sums, scratch);
        }
    }

    /** Adds all rows in place; the last tile may be taller than the remaining rows. */
    private static void addWholeTiles(Inputs a, Gradients b, Sums sums) {
        int k = 0;
        for (Tile tile = tallest(b.panel(), a.depth()); tile != null; tile = tile.outerRest()) {
            int end = tile.outerRest() == null ? a.depth() : k + tile.outerRows(a.depth() - k);
            for (; k < end; k += tile.rows) {
                outer(tile, a, k, b, sums.array(), sums.offset() + k * sums.stride(), sums.stride());
            }
        }
    }

    /** Returns the first tile. For a single vector of output channels, it has as many rows as the registers allow. */
    private static Tile tallest(Panel panel, int depth) {
        if (panel.tile() != Tile.T12X1) {
            return panel.tile();
        }
        return depth % Tile.T16X1.rows == 0 ? Tile.T16X1 : Tile.T8X1;
    }

    /** Adds the remaining rows or columns, fewer than a tile has, by way of a spare tile. */
    private static void addRest(Tile tile, Inputs a, int first, Gradients b, Sums sums, Scratch scratch) {
        int width = b.panel().width();
        float[] spare = scratch.get(SPARE, tile.rows * width);
        for (int k = first; k < a.depth(); k += tile.rows) {
            Arrays.fill(spare, 0, tile.rows * width, 0f);
            outer(tile, a, k, b, spare, 0, width);
            int valid = Math.min(tile.rows, a.depth() - k);
            for (int m = 0; m < valid; m++) {
                int to = sums.offset() + (k + m) * sums.stride();
                for (int n = 0; n < b.panel().columns(); n++) {
                    sums.array()[to + n] += spare[m * width + n];
                }
            }
        }
    }

    private static void outer(Tile tile, Inputs a, int k, Gradients b, float[] c, int cOffset, int cStride) {
        VectorOuterTiles.outer(
                tile,
                a.array(),
                a.rows(),
                a.first(),
                a.count(),
                a.offset() + k,
                b.array(),
                b.offset(),
                b.stride(),
                c,
                cOffset,
                cStride);
    }
}
