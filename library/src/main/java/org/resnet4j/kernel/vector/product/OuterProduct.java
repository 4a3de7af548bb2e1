package org.resnet4j.kernel.vector.product;

import java.util.Arrays;
import org.resnet4j.kernel.product.Panels.Panel;
import org.resnet4j.kernel.product.Tile;
import org.resnet4j.parallel.Scratch;

/**
 * Sums of outer products over pixels, for the weight gradient: {@code sums[k, n] += Σ a[rows[r] + aOffset + k] · b[r,
 * n]} over all pixels r.
 */
public final class OuterProduct {
    private static final Scratch.Floats SPARE = new Scratch.Floats();

    /**
     * The inputs of some pixels.
     *
     * @param array the inputs; up to the rows of a tile are read beyond {@code depth}
     * @param rows the start of each pixel's input
     * @param first the first of {@code count} pixels
     * @param offset the number that is added to each start
     * @param depth the floats of each pixel
     */
    public record Inputs(float[] array, int[] rows, int first, int count, int offset, int depth) {}

    /**
     * The output gradients of the same pixels, for one panel of channels.
     *
     * @param offset the start of the first pixel's gradients; the next pixel's follow after {@code stride} floats
     */
    public record Gradients(Panel panel, float[] array, int offset, int stride) {}

    /** The sums of one panel from {@code offset}, with rows {@code stride} apart. */
    public record Sums(float[] array, int offset, int stride) {}

    private OuterProduct() {}

    /** Adds the outer products of some pixels. */
    public static void add(Inputs a, Gradients b, Sums sums, Scratch scratch) {
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
