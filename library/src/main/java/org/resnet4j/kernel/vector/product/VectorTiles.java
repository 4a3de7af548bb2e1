package org.resnet4j.kernel.vector.product;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.resnet4j.kernel.FusedMultiplyAdd;
import org.resnet4j.kernel.product.Epilogue;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Panels.Panel;
import org.resnet4j.kernel.product.Results;
import org.resnet4j.kernel.product.Tile;

/**
 * The vector width, and the passes that accompany the register tiles of every convolution and matrix product.
 *
 * <p>A tile computes a few rows times a few vectors of columns, with all sums in registers for the whole inner loop.
 * {@link VectorProductTiles} sum over window positions (forward pass and input gradient), {@link VectorOuterTiles} over
 * pixels (weight gradient). Each size is a separate method with named sums, because arrays or records of vectors do not
 * stay in registers. 24 sums, with four columns and a broadcast, fit the 32 registers of AVX-512 and Neon; 8 sums fit
 * the 16 registers of AVX2.
 */
public final class VectorTiles {
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    public static final int LANES = SPECIES.length();

    /** The name of kernels on these vectors. */
    public static final String NAME =
            "vector, " + SPECIES.vectorBitSize() + " bit" + (FusedMultiplyAdd.IS_INSTRUCTION ? "" : " without FMA");

    private VectorTiles() {}

    /**
     * Completes one tile: {@code c[m, n] = max(least, sums[m, n] + bias[n] (+ c[m, n]))}. It is a separate pass over
     * sums in the first-level cache, because a tile that does everything is too long for the compiler to keep in
     * registers. It also hides the latency of reading {@code c} behind the multiply-adds of the next tile.
     *
     * @param sums {@code [tile.rows, tile.vectors·LANES]}
     * @param epilogue an epilogue with a bias
     * @param column the tile's first column, for the bias
     * @param c receives the results, from row {@code firstRow}
     */
    static void finish(Tile tile, float[] sums, Epilogue epilogue, int column, Results c, int firstRow) {
        if (!FusedMultiplyAdd.IS_INSTRUCTION) {
            finishPlain(tile, sums, epilogue, column, c, firstRow);
            return;
        }
        boolean add = epilogue.add();
        float[] bias = epilogue.biasOfResults();
        int biasOffset = epilogue.biasStart() + column;
        float[] results = c.array();
        var floor = FloatVector.broadcast(SPECIES, epilogue.least());
        int width = tile.vectors * LANES;
        for (int m = 0; m < tile.rows; m++) {
            int to = c.rows()[firstRow + m] + c.offset();
            int from = m * width;
            if (add) {
                for (int n = 0; n < width; n += LANES) {
                    var sum = FloatVector.fromArray(SPECIES, sums, from + n)
                            .add(FloatVector.fromArray(SPECIES, bias, biasOffset + n))
                            .add(FloatVector.fromArray(SPECIES, results, to + n));
                    sum.blend(floor, sum.lt(floor)).intoArray(results, to + n);
                }
            } else {
                for (int n = 0; n < width; n += LANES) {
                    var sum = FloatVector.fromArray(SPECIES, sums, from + n)
                            .add(FloatVector.fromArray(SPECIES, bias, biasOffset + n));
                    sum.blend(floor, sum.lt(floor)).intoArray(results, to + n);
                }
            }
        }
    }

    /** Completes a tile in plain loops: so old a processor has no vectors of conditions. */
    private static void finishPlain(Tile tile, float[] sums, Epilogue epilogue, int column, Results c, int firstRow) {
        boolean add = epilogue.add();
        float[] bias = epilogue.biasOfResults();
        int biasOffset = epilogue.biasStart() + column;
        float least = epilogue.least();
        float[] results = c.array();
        int width = tile.vectors * LANES;
        for (int m = 0; m < tile.rows; m++) {
            int to = c.rows()[firstRow + m] + c.offset();
            for (int n = 0; n < width; n++) {
                float sum = sums[m * width + n] + bias[biasOffset + n];
                float result = add ? sum + results[to + n] : sum;
                results[to + n] = result < least ? least : result;
            }
        }
    }

    /**
     * Packs rows for panels {@code from} to {@code to - 1}, one panel after another.
     *
     * @param source row-major with rows {@code stride} apart, from {@code offset}
     */
    public static void gather(
            Panels panels, int from, int to, float[] source, int offset, int stride, int rows, float[] packed) {
        int target = 0;
        for (int p = from; p < to; ) {
            Panel panel = panels.get(p);
            int count = 1;
            if (panel.isFull()) {
                while (p + count < to && panels.get(p + count).columns() == panel.width()) {
                    count++;
                }
                gather(source, offset + panel.first(), stride, rows, panel.width(), count, packed, target);
            } else {
                for (int row = 0; row < rows; row++) {
                    Panels.packRow(panel, source, offset + row * stride, packed, target + row * panel.width());
                }
            }
            target += count * rows * panel.width();
            p += count;
        }
    }

    /**
     * Copies rows of {@code panels} times {@code width} floats, a multiple of the lanes: first the first {@code width}
     * floats of every row, then the second, and so on.
     *
     * @param stride the distance between rows in {@code source}
     */
    private static void gather(
            float[] source, int from, int stride, int rows, int width, int panels, float[] target, int to) {
        for (int row = 0; row < rows; row++) {
            int at = from + row * stride;
            for (int panel = 0; panel < panels; panel++) {
                int end = at + width;
                int out = to + (panel * rows + row) * width - at;
                for (; at < end; at += LANES) {
                    FloatVector.fromArray(SPECIES, source, at).intoArray(target, out + at);
                }
            }
        }
    }
}
