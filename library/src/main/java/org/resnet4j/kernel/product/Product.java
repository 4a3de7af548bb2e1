package org.resnet4j.kernel.product;

import org.resnet4j.kernel.product.Panels.Panel;
import org.resnet4j.parallel.Scratch;

/**
 * Products of many rows with packed panels: the loops around {@link PanelProduct}.
 *
 * <p>A row is given by its start in an array, so the same code reads matrices, windows of images and strided windows in
 * place.
 */
public final class Product {
    /** Rows of the tallest tile: index arrays are filled this far beyond their end. */
    public static final int MOST_TILE_ROWS = 16;

    /** A block of a panel that stays in the second-level cache together with the band: 256 KB. */
    private static final int BLOCK_FLOATS = 64 * 1024;

    private Product() {}

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
        PanelProduct product = b.panels().product();
        for (int p = b.from(); p < b.to(); p++) {
            Panel panel = b.panels().get(p);
            PackedColumns.Rows weights = b.rows(panel, depth);
            Results results = c.from(panel.first() / product.resultsPerFloat());
            int deepest = BLOCK_FLOATS / panel.width();
            if (depth <= deepest || product.resultsPerFloat() > 1) {
                product.multiply(a, weights, results, epilogue, scratch);
                continue;
            }
            int blocks = Math.ceilDiv(a.tapLength(), deepest);
            int parts = a.taps() * blocks;
            for (int tap = 0; tap < a.taps(); tap++) {
                for (int block = 0; block < blocks; block++) {
                    int from = (int) ((long) block * a.tapLength() / blocks);
                    int to = (int) ((long) (block + 1) * a.tapLength() / blocks);
                    product.multiply(
                            a.part(tap, from, to),
                            weights.from(tap * a.tapLength() + from),
                            results,
                            epilogue.part(tap * blocks + block, parts),
                            scratch);
                }
            }
        }
    }
}
