package org.resnet4j.kernel.vector.product;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The width of vectors, and the passes beside the register tiles under every convolution and matrix product.
 *
 * <p>A tile computes a few rows times a few vectors of columns, all sums in registers for the whole of the inner loop.
 * {@link VectorProductTiles} sum over the places of a window (forward, and the gradient to the data),
 * {@link VectorOuterTiles} over pixels (the gradient to the weights). Each size is a method of its own with named sums: arrays
 * or records of vectors do not stay in registers. 24 sums, with four columns and a broadcast, fit the 32 registers of AVX-512
 * and Neon, 8 the 16 registers of AVX2.
 */
public final class VectorTiles {
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    public static final int LANES = SPECIES.length();

    private VectorTiles() {}

    /**
     * Ends one tile: {@code c[m, n] = max(least, sums[m, n] + bias[n] (+ c[m, n]))}. A pass of its own over sums that are in
     * the first-level cache, because a tile that does everything is too long for the compiler to keep in registers; and it
     * meets what {@code c} holds, which may have to come from afar, while the next tile's multiply-adds go on.
     *
     * @param sums {@code [tile.rows, tile.vectors·LANES]}
     * @param epilogue with a bias
     * @param column the tile's first column, for the bias
     * @param c receives the results, from row {@code firstRow}
     */
    static void finish(Tile tile, float[] sums, Epilogue epilogue, int column, Results c, int firstRow) {
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

    /**
     * Copies rows of {@code panels} times {@code width} floats, a multiple of the lanes: the first {@code width} of every row
     * one behind the other, then the second, and so on.
     *
     * @param stride from one row to the next in {@code source}
     */
    static void gather(float[] source, int from, int stride, int rows, int width, int panels, float[] target, int to) {
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
