package org.resnet4j.kernel.vector.product;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tiles under every convolution and matrix product: a few rows times a few vectors of columns, all sums in
 * registers for the whole of the inner loop.
 *
 * <p>Two shapes of work: {@link #product} sums over the places of a window (forward, and the gradient to the data),
 * {@link #outer} sums over pixels (the gradient to the weights). Each tile size is a method of its own with named sums,
 * which is long, and the only form that the compiler keeps in registers: arrays or records of vectors do not stay there.
 * 24 sums, with four columns and a broadcast, fit the 32 registers of AVX-512 and Neon, 8 the 16 registers of AVX2.
 */
public final class VectorTiles {
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    public static final int LANES = SPECIES.length();

    /** Where sums start that nothing is added to: one way through a tile for both keeps its registers. */
    private static final float[] ZEROS = new float[4 * LANES];

    /** Rows and columns of {@link #multiplySquare}: those of a network's narrowest stage. */
    public static final int SQUARE = 16;

    private VectorTiles() {}

    /**
     * One tile of {@code c[m, n] (+)= Σ a[rows[row + m] + aOffset + tap·tapStride + k] · b[tap, k, n]}, over all taps and
     * all k below tapLength.
     *
     * @param b a packed panel, {@code [taps, tapLength, vectors·LANES]}, from {@code bOffset}
     * @param outs where each row's results begin in {@code c}, from index {@code out}; {@code cOffset} is added
     * @param accumulate whether to add to {@code c} or to overwrite it
     */
    static void product(
            Tile tile,
            float[] a,
            int[] rows,
            int row,
            int aOffset,
            int taps,
            int tapStride,
            int tapLength,
            float[] b,
            int bOffset,
            float[] c,
            int[] outs,
            int out,
            int cOffset,
            boolean accumulate) {
        switch (tile) {
            case T6X4 ->
                product6x4(
                        a,
                        rows,
                        row,
                        aOffset,
                        taps,
                        tapStride,
                        tapLength,
                        b,
                        bOffset,
                        c,
                        outs,
                        out,
                        cOffset,
                        accumulate);
            case T4X4 ->
                product4x4(
                        a,
                        rows,
                        row,
                        aOffset,
                        taps,
                        tapStride,
                        tapLength,
                        b,
                        bOffset,
                        c,
                        outs,
                        out,
                        cOffset,
                        accumulate);
            case T2X4 ->
                product2x4(
                        a,
                        rows,
                        row,
                        aOffset,
                        taps,
                        tapStride,
                        tapLength,
                        b,
                        bOffset,
                        c,
                        outs,
                        out,
                        cOffset,
                        accumulate);
            case T1X4 ->
                product1x4(
                        a,
                        rows,
                        row,
                        aOffset,
                        taps,
                        tapStride,
                        tapLength,
                        b,
                        bOffset,
                        c,
                        outs,
                        out,
                        cOffset,
                        accumulate);
            case T8X2 ->
                product8x2(
                        a,
                        rows,
                        row,
                        aOffset,
                        taps,
                        tapStride,
                        tapLength,
                        b,
                        bOffset,
                        c,
                        outs,
                        out,
                        cOffset,
                        accumulate);
            case T12X1 ->
                product12x1(
                        a,
                        rows,
                        row,
                        aOffset,
                        taps,
                        tapStride,
                        tapLength,
                        b,
                        bOffset,
                        c,
                        outs,
                        out,
                        cOffset,
                        accumulate);
            case T4X2 ->
                product4x2(
                        a,
                        rows,
                        row,
                        aOffset,
                        taps,
                        tapStride,
                        tapLength,
                        b,
                        bOffset,
                        c,
                        outs,
                        out,
                        cOffset,
                        accumulate);
            case T16X1 -> throw new IllegalArgumentException(tile + " is for outer products");
            case T8X1 ->
                product8x1(
                        a,
                        rows,
                        row,
                        aOffset,
                        taps,
                        tapStride,
                        tapLength,
                        b,
                        bOffset,
                        c,
                        outs,
                        out,
                        cOffset,
                        accumulate);
        }
    }

    /**
     * One tile of {@code c[m, n] += Σ a[rows[row + p] + aOffset + m] · b[p, n]}, over count pixels p.
     *
     * @param b rows of at least {@code vectors·LANES} floats, {@code bStride} apart, from {@code bOffset}
     * @param c rows {@code cStride} apart, from {@code cOffset}
     */
    public static void outer(
            Tile tile,
            float[] a,
            int[] rows,
            int row,
            int count,
            int aOffset,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride) {
        switch (tile) {
            case T6X4 -> outer6x4(a, rows, row, count, aOffset, b, bOffset, bStride, c, cOffset, cStride);
            case T4X4 -> outer4x4(a, rows, row, count, aOffset, b, bOffset, bStride, c, cOffset, cStride);
            case T8X2 -> outer8x2(a, rows, row, count, aOffset, b, bOffset, bStride, c, cOffset, cStride);
            case T16X1 -> outer16x1(a, rows, row, count, aOffset, b, bOffset, bStride, c, cOffset, cStride);
            case T12X1 -> outer12x1(a, rows, row, count, aOffset, b, bOffset, bStride, c, cOffset, cStride);
            case T4X2 -> outer4x2(a, rows, row, count, aOffset, b, bOffset, bStride, c, cOffset, cStride);
            case T2X4, T1X4 -> throw new IllegalArgumentException(tile + " is for what products leave over");
            case T8X1 -> outer8x1(a, rows, row, count, aOffset, b, bOffset, bStride, c, cOffset, cStride);
        }
    }

    /**
     * Ends one tile: {@code c[m, n] = max(least, sums[m, n] + bias[n] (+ c[m, n]))}. A pass of its own over sums that are in
     * the first-level cache, because a tile that does everything is too long for the compiler to keep in registers; and it
     * meets what {@code c} holds, which may have to come from afar, while the next tile's multiply-adds go on.
     *
     * @param sums {@code [tile.rows, tile.vectors·LANES]}
     * @param bias one number for each column of the panel, from {@code biasOffset}
     * @param outs where each row's results begin in {@code c}, from index {@code out}; {@code cOffset} is added
     * @param least zero for ReLU, minus infinity for no activation
     */
    static void finish(
            Tile tile,
            float[] sums,
            float[] bias,
            int biasOffset,
            float[] c,
            int[] outs,
            int out,
            int cOffset,
            boolean add,
            float least) {
        var floor = FloatVector.broadcast(SPECIES, least);
        int width = tile.vectors * LANES;
        for (int m = 0; m < tile.rows; m++) {
            int to = outs[out + m] + cOffset;
            int from = m * width;
            if (add) {
                for (int n = 0; n < width; n += LANES) {
                    var sum = FloatVector.fromArray(SPECIES, sums, from + n)
                            .add(FloatVector.fromArray(SPECIES, bias, biasOffset + n))
                            .add(FloatVector.fromArray(SPECIES, c, to + n));
                    sum.blend(floor, sum.lt(floor)).intoArray(c, to + n);
                }
            } else {
                for (int n = 0; n < width; n += LANES) {
                    var sum = FloatVector.fromArray(SPECIES, sums, from + n)
                            .add(FloatVector.fromArray(SPECIES, bias, biasOffset + n));
                    sum.blend(floor, sum.lt(floor)).intoArray(c, to + n);
                }
            }
        }
    }

    /** 6 pixels by 4 vectors of output channels; see {@link #product}. */
    private static void product6x4(
            float[] a,
            int[] rows,
            int row,
            int aOffset,
            int taps,
            int tapStride,
            int tapLength,
            float[] b,
            int bOffset,
            float[] c,
            int[] outs,
            int out,
            int cOffset,
            boolean accumulate) {
        int a0 = rows[row] + aOffset;
        int a1 = rows[row + 1] + aOffset;
        int a2 = rows[row + 2] + aOffset;
        int a3 = rows[row + 3] + aOffset;
        int a4 = rows[row + 4] + aOffset;
        int a5 = rows[row + 5] + aOffset;
        int c0 = outs[out] + cOffset;
        int c1 = outs[out + 1] + cOffset;
        int c2 = outs[out + 2] + cOffset;
        int c3 = outs[out + 3] + cOffset;
        int c4 = outs[out + 4] + cOffset;
        int c5 = outs[out + 5] + cOffset;
        float[] start = accumulate ? c : ZEROS;
        int z0 = accumulate ? c0 : 0;
        int z1 = accumulate ? c1 : 0;
        int z2 = accumulate ? c2 : 0;
        int z3 = accumulate ? c3 : 0;
        int z4 = accumulate ? c4 : 0;
        int z5 = accumulate ? c5 : 0;
        var s00 = FloatVector.fromArray(SPECIES, start, z0);
        var s01 = FloatVector.fromArray(SPECIES, start, z0 + LANES);
        var s02 = FloatVector.fromArray(SPECIES, start, z0 + 2 * LANES);
        var s03 = FloatVector.fromArray(SPECIES, start, z0 + 3 * LANES);
        var s10 = FloatVector.fromArray(SPECIES, start, z1);
        var s11 = FloatVector.fromArray(SPECIES, start, z1 + LANES);
        var s12 = FloatVector.fromArray(SPECIES, start, z1 + 2 * LANES);
        var s13 = FloatVector.fromArray(SPECIES, start, z1 + 3 * LANES);
        var s20 = FloatVector.fromArray(SPECIES, start, z2);
        var s21 = FloatVector.fromArray(SPECIES, start, z2 + LANES);
        var s22 = FloatVector.fromArray(SPECIES, start, z2 + 2 * LANES);
        var s23 = FloatVector.fromArray(SPECIES, start, z2 + 3 * LANES);
        var s30 = FloatVector.fromArray(SPECIES, start, z3);
        var s31 = FloatVector.fromArray(SPECIES, start, z3 + LANES);
        var s32 = FloatVector.fromArray(SPECIES, start, z3 + 2 * LANES);
        var s33 = FloatVector.fromArray(SPECIES, start, z3 + 3 * LANES);
        var s40 = FloatVector.fromArray(SPECIES, start, z4);
        var s41 = FloatVector.fromArray(SPECIES, start, z4 + LANES);
        var s42 = FloatVector.fromArray(SPECIES, start, z4 + 2 * LANES);
        var s43 = FloatVector.fromArray(SPECIES, start, z4 + 3 * LANES);
        var s50 = FloatVector.fromArray(SPECIES, start, z5);
        var s51 = FloatVector.fromArray(SPECIES, start, z5 + LANES);
        var s52 = FloatVector.fromArray(SPECIES, start, z5 + 2 * LANES);
        var s53 = FloatVector.fromArray(SPECIES, start, z5 + 3 * LANES);
        for (int tap = 0; tap < taps; tap++) {
            for (int k = 0; k < tapLength; k++) {
                var b0 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES);
                var b1 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES + LANES);
                var b2 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES + 2 * LANES);
                var b3 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES + 3 * LANES);
                var x0 = FloatVector.broadcast(SPECIES, a[a0 + k]);
                s00 = x0.fma(b0, s00);
                s01 = x0.fma(b1, s01);
                s02 = x0.fma(b2, s02);
                s03 = x0.fma(b3, s03);
                var x1 = FloatVector.broadcast(SPECIES, a[a1 + k]);
                s10 = x1.fma(b0, s10);
                s11 = x1.fma(b1, s11);
                s12 = x1.fma(b2, s12);
                s13 = x1.fma(b3, s13);
                var x2 = FloatVector.broadcast(SPECIES, a[a2 + k]);
                s20 = x2.fma(b0, s20);
                s21 = x2.fma(b1, s21);
                s22 = x2.fma(b2, s22);
                s23 = x2.fma(b3, s23);
                var x3 = FloatVector.broadcast(SPECIES, a[a3 + k]);
                s30 = x3.fma(b0, s30);
                s31 = x3.fma(b1, s31);
                s32 = x3.fma(b2, s32);
                s33 = x3.fma(b3, s33);
                var x4 = FloatVector.broadcast(SPECIES, a[a4 + k]);
                s40 = x4.fma(b0, s40);
                s41 = x4.fma(b1, s41);
                s42 = x4.fma(b2, s42);
                s43 = x4.fma(b3, s43);
                var x5 = FloatVector.broadcast(SPECIES, a[a5 + k]);
                s50 = x5.fma(b0, s50);
                s51 = x5.fma(b1, s51);
                s52 = x5.fma(b2, s52);
                s53 = x5.fma(b3, s53);
            }
            a0 += tapStride;
            a1 += tapStride;
            a2 += tapStride;
            a3 += tapStride;
            a4 += tapStride;
            a5 += tapStride;
            bOffset += tapLength * 4 * LANES;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s02.intoArray(c, c0 + 2 * LANES);
        s03.intoArray(c, c0 + 3 * LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s12.intoArray(c, c1 + 2 * LANES);
        s13.intoArray(c, c1 + 3 * LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s22.intoArray(c, c2 + 2 * LANES);
        s23.intoArray(c, c2 + 3 * LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
        s32.intoArray(c, c3 + 2 * LANES);
        s33.intoArray(c, c3 + 3 * LANES);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + LANES);
        s42.intoArray(c, c4 + 2 * LANES);
        s43.intoArray(c, c4 + 3 * LANES);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + LANES);
        s52.intoArray(c, c5 + 2 * LANES);
        s53.intoArray(c, c5 + 3 * LANES);
    }

    /** 4 pixels by 4 vectors of output channels; see {@link #product}. */
    private static void product4x4(
            float[] a,
            int[] rows,
            int row,
            int aOffset,
            int taps,
            int tapStride,
            int tapLength,
            float[] b,
            int bOffset,
            float[] c,
            int[] outs,
            int out,
            int cOffset,
            boolean accumulate) {
        int a0 = rows[row] + aOffset;
        int a1 = rows[row + 1] + aOffset;
        int a2 = rows[row + 2] + aOffset;
        int a3 = rows[row + 3] + aOffset;
        int c0 = outs[out] + cOffset;
        int c1 = outs[out + 1] + cOffset;
        int c2 = outs[out + 2] + cOffset;
        int c3 = outs[out + 3] + cOffset;
        float[] start = accumulate ? c : ZEROS;
        int z0 = accumulate ? c0 : 0;
        int z1 = accumulate ? c1 : 0;
        int z2 = accumulate ? c2 : 0;
        int z3 = accumulate ? c3 : 0;
        var s00 = FloatVector.fromArray(SPECIES, start, z0);
        var s01 = FloatVector.fromArray(SPECIES, start, z0 + LANES);
        var s02 = FloatVector.fromArray(SPECIES, start, z0 + 2 * LANES);
        var s03 = FloatVector.fromArray(SPECIES, start, z0 + 3 * LANES);
        var s10 = FloatVector.fromArray(SPECIES, start, z1);
        var s11 = FloatVector.fromArray(SPECIES, start, z1 + LANES);
        var s12 = FloatVector.fromArray(SPECIES, start, z1 + 2 * LANES);
        var s13 = FloatVector.fromArray(SPECIES, start, z1 + 3 * LANES);
        var s20 = FloatVector.fromArray(SPECIES, start, z2);
        var s21 = FloatVector.fromArray(SPECIES, start, z2 + LANES);
        var s22 = FloatVector.fromArray(SPECIES, start, z2 + 2 * LANES);
        var s23 = FloatVector.fromArray(SPECIES, start, z2 + 3 * LANES);
        var s30 = FloatVector.fromArray(SPECIES, start, z3);
        var s31 = FloatVector.fromArray(SPECIES, start, z3 + LANES);
        var s32 = FloatVector.fromArray(SPECIES, start, z3 + 2 * LANES);
        var s33 = FloatVector.fromArray(SPECIES, start, z3 + 3 * LANES);
        for (int tap = 0; tap < taps; tap++) {
            for (int k = 0; k < tapLength; k++) {
                var b0 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES);
                var b1 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES + LANES);
                var b2 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES + 2 * LANES);
                var b3 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES + 3 * LANES);
                var x0 = FloatVector.broadcast(SPECIES, a[a0 + k]);
                s00 = x0.fma(b0, s00);
                s01 = x0.fma(b1, s01);
                s02 = x0.fma(b2, s02);
                s03 = x0.fma(b3, s03);
                var x1 = FloatVector.broadcast(SPECIES, a[a1 + k]);
                s10 = x1.fma(b0, s10);
                s11 = x1.fma(b1, s11);
                s12 = x1.fma(b2, s12);
                s13 = x1.fma(b3, s13);
                var x2 = FloatVector.broadcast(SPECIES, a[a2 + k]);
                s20 = x2.fma(b0, s20);
                s21 = x2.fma(b1, s21);
                s22 = x2.fma(b2, s22);
                s23 = x2.fma(b3, s23);
                var x3 = FloatVector.broadcast(SPECIES, a[a3 + k]);
                s30 = x3.fma(b0, s30);
                s31 = x3.fma(b1, s31);
                s32 = x3.fma(b2, s32);
                s33 = x3.fma(b3, s33);
            }
            a0 += tapStride;
            a1 += tapStride;
            a2 += tapStride;
            a3 += tapStride;
            bOffset += tapLength * 4 * LANES;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s02.intoArray(c, c0 + 2 * LANES);
        s03.intoArray(c, c0 + 3 * LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s12.intoArray(c, c1 + 2 * LANES);
        s13.intoArray(c, c1 + 3 * LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s22.intoArray(c, c2 + 2 * LANES);
        s23.intoArray(c, c2 + 3 * LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
        s32.intoArray(c, c3 + 2 * LANES);
        s33.intoArray(c, c3 + 3 * LANES);
    }

    /** 2 pixels by 4 vectors of output channels; see {@link #product}. */
    private static void product2x4(
            float[] a,
            int[] rows,
            int row,
            int aOffset,
            int taps,
            int tapStride,
            int tapLength,
            float[] b,
            int bOffset,
            float[] c,
            int[] outs,
            int out,
            int cOffset,
            boolean accumulate) {
        int a0 = rows[row] + aOffset;
        int a1 = rows[row + 1] + aOffset;
        int c0 = outs[out] + cOffset;
        int c1 = outs[out + 1] + cOffset;
        float[] start = accumulate ? c : ZEROS;
        int z0 = accumulate ? c0 : 0;
        int z1 = accumulate ? c1 : 0;
        var s00 = FloatVector.fromArray(SPECIES, start, z0);
        var s01 = FloatVector.fromArray(SPECIES, start, z0 + LANES);
        var s02 = FloatVector.fromArray(SPECIES, start, z0 + 2 * LANES);
        var s03 = FloatVector.fromArray(SPECIES, start, z0 + 3 * LANES);
        var s10 = FloatVector.fromArray(SPECIES, start, z1);
        var s11 = FloatVector.fromArray(SPECIES, start, z1 + LANES);
        var s12 = FloatVector.fromArray(SPECIES, start, z1 + 2 * LANES);
        var s13 = FloatVector.fromArray(SPECIES, start, z1 + 3 * LANES);
        for (int tap = 0; tap < taps; tap++) {
            for (int k = 0; k < tapLength; k++) {
                var b0 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES);
                var b1 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES + LANES);
                var b2 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES + 2 * LANES);
                var b3 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES + 3 * LANES);
                var x0 = FloatVector.broadcast(SPECIES, a[a0 + k]);
                s00 = x0.fma(b0, s00);
                s01 = x0.fma(b1, s01);
                s02 = x0.fma(b2, s02);
                s03 = x0.fma(b3, s03);
                var x1 = FloatVector.broadcast(SPECIES, a[a1 + k]);
                s10 = x1.fma(b0, s10);
                s11 = x1.fma(b1, s11);
                s12 = x1.fma(b2, s12);
                s13 = x1.fma(b3, s13);
            }
            a0 += tapStride;
            a1 += tapStride;
            bOffset += tapLength * 4 * LANES;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s02.intoArray(c, c0 + 2 * LANES);
        s03.intoArray(c, c0 + 3 * LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s12.intoArray(c, c1 + 2 * LANES);
        s13.intoArray(c, c1 + 3 * LANES);
    }

    /** 1 pixel by 4 vectors of output channels; see {@link #product}. */
    private static void product1x4(
            float[] a,
            int[] rows,
            int row,
            int aOffset,
            int taps,
            int tapStride,
            int tapLength,
            float[] b,
            int bOffset,
            float[] c,
            int[] outs,
            int out,
            int cOffset,
            boolean accumulate) {
        int a0 = rows[row] + aOffset;
        int c0 = outs[out] + cOffset;
        float[] start = accumulate ? c : ZEROS;
        int z0 = accumulate ? c0 : 0;
        var s00 = FloatVector.fromArray(SPECIES, start, z0);
        var s01 = FloatVector.fromArray(SPECIES, start, z0 + LANES);
        var s02 = FloatVector.fromArray(SPECIES, start, z0 + 2 * LANES);
        var s03 = FloatVector.fromArray(SPECIES, start, z0 + 3 * LANES);
        for (int tap = 0; tap < taps; tap++) {
            for (int k = 0; k < tapLength; k++) {
                var b0 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES);
                var b1 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES + LANES);
                var b2 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES + 2 * LANES);
                var b3 = FloatVector.fromArray(SPECIES, b, bOffset + k * 4 * LANES + 3 * LANES);
                var x0 = FloatVector.broadcast(SPECIES, a[a0 + k]);
                s00 = x0.fma(b0, s00);
                s01 = x0.fma(b1, s01);
                s02 = x0.fma(b2, s02);
                s03 = x0.fma(b3, s03);
            }
            a0 += tapStride;
            bOffset += tapLength * 4 * LANES;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s02.intoArray(c, c0 + 2 * LANES);
        s03.intoArray(c, c0 + 3 * LANES);
    }

    /** 8 pixels by 2 vectors of output channels; see {@link #product}. */
    private static void product8x2(
            float[] a,
            int[] rows,
            int row,
            int aOffset,
            int taps,
            int tapStride,
            int tapLength,
            float[] b,
            int bOffset,
            float[] c,
            int[] outs,
            int out,
            int cOffset,
            boolean accumulate) {
        int a0 = rows[row] + aOffset;
        int a1 = rows[row + 1] + aOffset;
        int a2 = rows[row + 2] + aOffset;
        int a3 = rows[row + 3] + aOffset;
        int a4 = rows[row + 4] + aOffset;
        int a5 = rows[row + 5] + aOffset;
        int a6 = rows[row + 6] + aOffset;
        int a7 = rows[row + 7] + aOffset;
        int c0 = outs[out] + cOffset;
        int c1 = outs[out + 1] + cOffset;
        int c2 = outs[out + 2] + cOffset;
        int c3 = outs[out + 3] + cOffset;
        int c4 = outs[out + 4] + cOffset;
        int c5 = outs[out + 5] + cOffset;
        int c6 = outs[out + 6] + cOffset;
        int c7 = outs[out + 7] + cOffset;
        float[] start = accumulate ? c : ZEROS;
        int z0 = accumulate ? c0 : 0;
        int z1 = accumulate ? c1 : 0;
        int z2 = accumulate ? c2 : 0;
        int z3 = accumulate ? c3 : 0;
        int z4 = accumulate ? c4 : 0;
        int z5 = accumulate ? c5 : 0;
        int z6 = accumulate ? c6 : 0;
        int z7 = accumulate ? c7 : 0;
        var s00 = FloatVector.fromArray(SPECIES, start, z0);
        var s01 = FloatVector.fromArray(SPECIES, start, z0 + LANES);
        var s10 = FloatVector.fromArray(SPECIES, start, z1);
        var s11 = FloatVector.fromArray(SPECIES, start, z1 + LANES);
        var s20 = FloatVector.fromArray(SPECIES, start, z2);
        var s21 = FloatVector.fromArray(SPECIES, start, z2 + LANES);
        var s30 = FloatVector.fromArray(SPECIES, start, z3);
        var s31 = FloatVector.fromArray(SPECIES, start, z3 + LANES);
        var s40 = FloatVector.fromArray(SPECIES, start, z4);
        var s41 = FloatVector.fromArray(SPECIES, start, z4 + LANES);
        var s50 = FloatVector.fromArray(SPECIES, start, z5);
        var s51 = FloatVector.fromArray(SPECIES, start, z5 + LANES);
        var s60 = FloatVector.fromArray(SPECIES, start, z6);
        var s61 = FloatVector.fromArray(SPECIES, start, z6 + LANES);
        var s70 = FloatVector.fromArray(SPECIES, start, z7);
        var s71 = FloatVector.fromArray(SPECIES, start, z7 + LANES);
        for (int tap = 0; tap < taps; tap++) {
            for (int k = 0; k < tapLength; k++) {
                var b0 = FloatVector.fromArray(SPECIES, b, bOffset + k * 2 * LANES);
                var b1 = FloatVector.fromArray(SPECIES, b, bOffset + k * 2 * LANES + LANES);
                var x0 = FloatVector.broadcast(SPECIES, a[a0 + k]);
                s00 = x0.fma(b0, s00);
                s01 = x0.fma(b1, s01);
                var x1 = FloatVector.broadcast(SPECIES, a[a1 + k]);
                s10 = x1.fma(b0, s10);
                s11 = x1.fma(b1, s11);
                var x2 = FloatVector.broadcast(SPECIES, a[a2 + k]);
                s20 = x2.fma(b0, s20);
                s21 = x2.fma(b1, s21);
                var x3 = FloatVector.broadcast(SPECIES, a[a3 + k]);
                s30 = x3.fma(b0, s30);
                s31 = x3.fma(b1, s31);
                var x4 = FloatVector.broadcast(SPECIES, a[a4 + k]);
                s40 = x4.fma(b0, s40);
                s41 = x4.fma(b1, s41);
                var x5 = FloatVector.broadcast(SPECIES, a[a5 + k]);
                s50 = x5.fma(b0, s50);
                s51 = x5.fma(b1, s51);
                var x6 = FloatVector.broadcast(SPECIES, a[a6 + k]);
                s60 = x6.fma(b0, s60);
                s61 = x6.fma(b1, s61);
                var x7 = FloatVector.broadcast(SPECIES, a[a7 + k]);
                s70 = x7.fma(b0, s70);
                s71 = x7.fma(b1, s71);
            }
            a0 += tapStride;
            a1 += tapStride;
            a2 += tapStride;
            a3 += tapStride;
            a4 += tapStride;
            a5 += tapStride;
            a6 += tapStride;
            a7 += tapStride;
            bOffset += tapLength * 2 * LANES;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + LANES);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + LANES);
        s60.intoArray(c, c6);
        s61.intoArray(c, c6 + LANES);
        s70.intoArray(c, c7);
        s71.intoArray(c, c7 + LANES);
    }

    /** 12 pixels by 1 vector of output channels; see {@link #product}. */
    private static void product12x1(
            float[] a,
            int[] rows,
            int row,
            int aOffset,
            int taps,
            int tapStride,
            int tapLength,
            float[] b,
            int bOffset,
            float[] c,
            int[] outs,
            int out,
            int cOffset,
            boolean accumulate) {
        int a0 = rows[row] + aOffset;
        int a1 = rows[row + 1] + aOffset;
        int a2 = rows[row + 2] + aOffset;
        int a3 = rows[row + 3] + aOffset;
        int a4 = rows[row + 4] + aOffset;
        int a5 = rows[row + 5] + aOffset;
        int a6 = rows[row + 6] + aOffset;
        int a7 = rows[row + 7] + aOffset;
        int a8 = rows[row + 8] + aOffset;
        int a9 = rows[row + 9] + aOffset;
        int a10 = rows[row + 10] + aOffset;
        int a11 = rows[row + 11] + aOffset;
        int c0 = outs[out] + cOffset;
        int c1 = outs[out + 1] + cOffset;
        int c2 = outs[out + 2] + cOffset;
        int c3 = outs[out + 3] + cOffset;
        int c4 = outs[out + 4] + cOffset;
        int c5 = outs[out + 5] + cOffset;
        int c6 = outs[out + 6] + cOffset;
        int c7 = outs[out + 7] + cOffset;
        int c8 = outs[out + 8] + cOffset;
        int c9 = outs[out + 9] + cOffset;
        int c10 = outs[out + 10] + cOffset;
        int c11 = outs[out + 11] + cOffset;
        float[] start = accumulate ? c : ZEROS;
        int z0 = accumulate ? c0 : 0;
        int z1 = accumulate ? c1 : 0;
        int z2 = accumulate ? c2 : 0;
        int z3 = accumulate ? c3 : 0;
        int z4 = accumulate ? c4 : 0;
        int z5 = accumulate ? c5 : 0;
        int z6 = accumulate ? c6 : 0;
        int z7 = accumulate ? c7 : 0;
        int z8 = accumulate ? c8 : 0;
        int z9 = accumulate ? c9 : 0;
        int z10 = accumulate ? c10 : 0;
        int z11 = accumulate ? c11 : 0;
        var s0 = FloatVector.fromArray(SPECIES, start, z0);
        var s1 = FloatVector.fromArray(SPECIES, start, z1);
        var s2 = FloatVector.fromArray(SPECIES, start, z2);
        var s3 = FloatVector.fromArray(SPECIES, start, z3);
        var s4 = FloatVector.fromArray(SPECIES, start, z4);
        var s5 = FloatVector.fromArray(SPECIES, start, z5);
        var s6 = FloatVector.fromArray(SPECIES, start, z6);
        var s7 = FloatVector.fromArray(SPECIES, start, z7);
        var s8 = FloatVector.fromArray(SPECIES, start, z8);
        var s9 = FloatVector.fromArray(SPECIES, start, z9);
        var s10 = FloatVector.fromArray(SPECIES, start, z10);
        var s11 = FloatVector.fromArray(SPECIES, start, z11);
        for (int tap = 0; tap < taps; tap++) {
            for (int k = 0; k < tapLength; k++) {
                var b0 = FloatVector.fromArray(SPECIES, b, bOffset + k * LANES);
                var x0 = FloatVector.broadcast(SPECIES, a[a0 + k]);
                s0 = x0.fma(b0, s0);
                var x1 = FloatVector.broadcast(SPECIES, a[a1 + k]);
                s1 = x1.fma(b0, s1);
                var x2 = FloatVector.broadcast(SPECIES, a[a2 + k]);
                s2 = x2.fma(b0, s2);
                var x3 = FloatVector.broadcast(SPECIES, a[a3 + k]);
                s3 = x3.fma(b0, s3);
                var x4 = FloatVector.broadcast(SPECIES, a[a4 + k]);
                s4 = x4.fma(b0, s4);
                var x5 = FloatVector.broadcast(SPECIES, a[a5 + k]);
                s5 = x5.fma(b0, s5);
                var x6 = FloatVector.broadcast(SPECIES, a[a6 + k]);
                s6 = x6.fma(b0, s6);
                var x7 = FloatVector.broadcast(SPECIES, a[a7 + k]);
                s7 = x7.fma(b0, s7);
                var x8 = FloatVector.broadcast(SPECIES, a[a8 + k]);
                s8 = x8.fma(b0, s8);
                var x9 = FloatVector.broadcast(SPECIES, a[a9 + k]);
                s9 = x9.fma(b0, s9);
                var x10 = FloatVector.broadcast(SPECIES, a[a10 + k]);
                s10 = x10.fma(b0, s10);
                var x11 = FloatVector.broadcast(SPECIES, a[a11 + k]);
                s11 = x11.fma(b0, s11);
            }
            a0 += tapStride;
            a1 += tapStride;
            a2 += tapStride;
            a3 += tapStride;
            a4 += tapStride;
            a5 += tapStride;
            a6 += tapStride;
            a7 += tapStride;
            a8 += tapStride;
            a9 += tapStride;
            a10 += tapStride;
            a11 += tapStride;
            bOffset += tapLength * LANES;
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c1);
        s2.intoArray(c, c2);
        s3.intoArray(c, c3);
        s4.intoArray(c, c4);
        s5.intoArray(c, c5);
        s6.intoArray(c, c6);
        s7.intoArray(c, c7);
        s8.intoArray(c, c8);
        s9.intoArray(c, c9);
        s10.intoArray(c, c10);
        s11.intoArray(c, c11);
    }

    /** 4 pixels by 2 vectors of output channels; see {@link #product}. */
    private static void product4x2(
            float[] a,
            int[] rows,
            int row,
            int aOffset,
            int taps,
            int tapStride,
            int tapLength,
            float[] b,
            int bOffset,
            float[] c,
            int[] outs,
            int out,
            int cOffset,
            boolean accumulate) {
        int a0 = rows[row] + aOffset;
        int a1 = rows[row + 1] + aOffset;
        int a2 = rows[row + 2] + aOffset;
        int a3 = rows[row + 3] + aOffset;
        int c0 = outs[out] + cOffset;
        int c1 = outs[out + 1] + cOffset;
        int c2 = outs[out + 2] + cOffset;
        int c3 = outs[out + 3] + cOffset;
        float[] start = accumulate ? c : ZEROS;
        int z0 = accumulate ? c0 : 0;
        int z1 = accumulate ? c1 : 0;
        int z2 = accumulate ? c2 : 0;
        int z3 = accumulate ? c3 : 0;
        var s00 = FloatVector.fromArray(SPECIES, start, z0);
        var s01 = FloatVector.fromArray(SPECIES, start, z0 + LANES);
        var s10 = FloatVector.fromArray(SPECIES, start, z1);
        var s11 = FloatVector.fromArray(SPECIES, start, z1 + LANES);
        var s20 = FloatVector.fromArray(SPECIES, start, z2);
        var s21 = FloatVector.fromArray(SPECIES, start, z2 + LANES);
        var s30 = FloatVector.fromArray(SPECIES, start, z3);
        var s31 = FloatVector.fromArray(SPECIES, start, z3 + LANES);
        for (int tap = 0; tap < taps; tap++) {
            for (int k = 0; k < tapLength; k++) {
                var b0 = FloatVector.fromArray(SPECIES, b, bOffset + k * 2 * LANES);
                var b1 = FloatVector.fromArray(SPECIES, b, bOffset + k * 2 * LANES + LANES);
                var x0 = FloatVector.broadcast(SPECIES, a[a0 + k]);
                s00 = x0.fma(b0, s00);
                s01 = x0.fma(b1, s01);
                var x1 = FloatVector.broadcast(SPECIES, a[a1 + k]);
                s10 = x1.fma(b0, s10);
                s11 = x1.fma(b1, s11);
                var x2 = FloatVector.broadcast(SPECIES, a[a2 + k]);
                s20 = x2.fma(b0, s20);
                s21 = x2.fma(b1, s21);
                var x3 = FloatVector.broadcast(SPECIES, a[a3 + k]);
                s30 = x3.fma(b0, s30);
                s31 = x3.fma(b1, s31);
            }
            a0 += tapStride;
            a1 += tapStride;
            a2 += tapStride;
            a3 += tapStride;
            bOffset += tapLength * 2 * LANES;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
    }

    /** 8 pixels by 1 vector of output channels; see {@link #product}. */
    private static void product8x1(
            float[] a,
            int[] rows,
            int row,
            int aOffset,
            int taps,
            int tapStride,
            int tapLength,
            float[] b,
            int bOffset,
            float[] c,
            int[] outs,
            int out,
            int cOffset,
            boolean accumulate) {
        int a0 = rows[row] + aOffset;
        int a1 = rows[row + 1] + aOffset;
        int a2 = rows[row + 2] + aOffset;
        int a3 = rows[row + 3] + aOffset;
        int a4 = rows[row + 4] + aOffset;
        int a5 = rows[row + 5] + aOffset;
        int a6 = rows[row + 6] + aOffset;
        int a7 = rows[row + 7] + aOffset;
        int c0 = outs[out] + cOffset;
        int c1 = outs[out + 1] + cOffset;
        int c2 = outs[out + 2] + cOffset;
        int c3 = outs[out + 3] + cOffset;
        int c4 = outs[out + 4] + cOffset;
        int c5 = outs[out + 5] + cOffset;
        int c6 = outs[out + 6] + cOffset;
        int c7 = outs[out + 7] + cOffset;
        float[] start = accumulate ? c : ZEROS;
        int z0 = accumulate ? c0 : 0;
        int z1 = accumulate ? c1 : 0;
        int z2 = accumulate ? c2 : 0;
        int z3 = accumulate ? c3 : 0;
        int z4 = accumulate ? c4 : 0;
        int z5 = accumulate ? c5 : 0;
        int z6 = accumulate ? c6 : 0;
        int z7 = accumulate ? c7 : 0;
        var s0 = FloatVector.fromArray(SPECIES, start, z0);
        var s1 = FloatVector.fromArray(SPECIES, start, z1);
        var s2 = FloatVector.fromArray(SPECIES, start, z2);
        var s3 = FloatVector.fromArray(SPECIES, start, z3);
        var s4 = FloatVector.fromArray(SPECIES, start, z4);
        var s5 = FloatVector.fromArray(SPECIES, start, z5);
        var s6 = FloatVector.fromArray(SPECIES, start, z6);
        var s7 = FloatVector.fromArray(SPECIES, start, z7);
        for (int tap = 0; tap < taps; tap++) {
            for (int k = 0; k < tapLength; k++) {
                var b0 = FloatVector.fromArray(SPECIES, b, bOffset + k * LANES);
                var x0 = FloatVector.broadcast(SPECIES, a[a0 + k]);
                s0 = x0.fma(b0, s0);
                var x1 = FloatVector.broadcast(SPECIES, a[a1 + k]);
                s1 = x1.fma(b0, s1);
                var x2 = FloatVector.broadcast(SPECIES, a[a2 + k]);
                s2 = x2.fma(b0, s2);
                var x3 = FloatVector.broadcast(SPECIES, a[a3 + k]);
                s3 = x3.fma(b0, s3);
                var x4 = FloatVector.broadcast(SPECIES, a[a4 + k]);
                s4 = x4.fma(b0, s4);
                var x5 = FloatVector.broadcast(SPECIES, a[a5 + k]);
                s5 = x5.fma(b0, s5);
                var x6 = FloatVector.broadcast(SPECIES, a[a6 + k]);
                s6 = x6.fma(b0, s6);
                var x7 = FloatVector.broadcast(SPECIES, a[a7 + k]);
                s7 = x7.fma(b0, s7);
            }
            a0 += tapStride;
            a1 += tapStride;
            a2 += tapStride;
            a3 += tapStride;
            a4 += tapStride;
            a5 += tapStride;
            a6 += tapStride;
            a7 += tapStride;
            bOffset += tapLength * LANES;
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c1);
        s2.intoArray(c, c2);
        s3.intoArray(c, c3);
        s4.intoArray(c, c4);
        s5.intoArray(c, c5);
        s6.intoArray(c, c6);
        s7.intoArray(c, c7);
    }

    /** 6 places of the window by 4 vectors of output channels; see {@link #outer}. */
    private static void outer6x4(
            float[] a,
            int[] rows,
            int row,
            int count,
            int aOffset,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride) {
        var s00 = FloatVector.fromArray(SPECIES, c, cOffset);
        var s01 = FloatVector.fromArray(SPECIES, c, cOffset + LANES);
        var s02 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * LANES);
        var s03 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * LANES);
        var s10 = FloatVector.fromArray(SPECIES, c, cOffset + cStride);
        var s11 = FloatVector.fromArray(SPECIES, c, cOffset + cStride + LANES);
        var s12 = FloatVector.fromArray(SPECIES, c, cOffset + cStride + 2 * LANES);
        var s13 = FloatVector.fromArray(SPECIES, c, cOffset + cStride + 3 * LANES);
        var s20 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride);
        var s21 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride + LANES);
        var s22 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride + 2 * LANES);
        var s23 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride + 3 * LANES);
        var s30 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride);
        var s31 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride + LANES);
        var s32 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride + 2 * LANES);
        var s33 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride + 3 * LANES);
        var s40 = FloatVector.fromArray(SPECIES, c, cOffset + 4 * cStride);
        var s41 = FloatVector.fromArray(SPECIES, c, cOffset + 4 * cStride + LANES);
        var s42 = FloatVector.fromArray(SPECIES, c, cOffset + 4 * cStride + 2 * LANES);
        var s43 = FloatVector.fromArray(SPECIES, c, cOffset + 4 * cStride + 3 * LANES);
        var s50 = FloatVector.fromArray(SPECIES, c, cOffset + 5 * cStride);
        var s51 = FloatVector.fromArray(SPECIES, c, cOffset + 5 * cStride + LANES);
        var s52 = FloatVector.fromArray(SPECIES, c, cOffset + 5 * cStride + 2 * LANES);
        var s53 = FloatVector.fromArray(SPECIES, c, cOffset + 5 * cStride + 3 * LANES);
        for (int p = 0; p < count; p++) {
            int ap = rows[row + p] + aOffset;
            var b0 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride);
            var b1 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride + LANES);
            var b2 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride + 2 * LANES);
            var b3 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride + 3 * LANES);
            var x0 = FloatVector.broadcast(SPECIES, a[ap]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            s02 = x0.fma(b2, s02);
            s03 = x0.fma(b3, s03);
            var x1 = FloatVector.broadcast(SPECIES, a[ap + 1]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            s12 = x1.fma(b2, s12);
            s13 = x1.fma(b3, s13);
            var x2 = FloatVector.broadcast(SPECIES, a[ap + 2]);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            s22 = x2.fma(b2, s22);
            s23 = x2.fma(b3, s23);
            var x3 = FloatVector.broadcast(SPECIES, a[ap + 3]);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            s32 = x3.fma(b2, s32);
            s33 = x3.fma(b3, s33);
            var x4 = FloatVector.broadcast(SPECIES, a[ap + 4]);
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            s42 = x4.fma(b2, s42);
            s43 = x4.fma(b3, s43);
            var x5 = FloatVector.broadcast(SPECIES, a[ap + 5]);
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
            s52 = x5.fma(b2, s52);
            s53 = x5.fma(b3, s53);
        }
        s00.intoArray(c, cOffset);
        s01.intoArray(c, cOffset + LANES);
        s02.intoArray(c, cOffset + 2 * LANES);
        s03.intoArray(c, cOffset + 3 * LANES);
        s10.intoArray(c, cOffset + cStride);
        s11.intoArray(c, cOffset + cStride + LANES);
        s12.intoArray(c, cOffset + cStride + 2 * LANES);
        s13.intoArray(c, cOffset + cStride + 3 * LANES);
        s20.intoArray(c, cOffset + 2 * cStride);
        s21.intoArray(c, cOffset + 2 * cStride + LANES);
        s22.intoArray(c, cOffset + 2 * cStride + 2 * LANES);
        s23.intoArray(c, cOffset + 2 * cStride + 3 * LANES);
        s30.intoArray(c, cOffset + 3 * cStride);
        s31.intoArray(c, cOffset + 3 * cStride + LANES);
        s32.intoArray(c, cOffset + 3 * cStride + 2 * LANES);
        s33.intoArray(c, cOffset + 3 * cStride + 3 * LANES);
        s40.intoArray(c, cOffset + 4 * cStride);
        s41.intoArray(c, cOffset + 4 * cStride + LANES);
        s42.intoArray(c, cOffset + 4 * cStride + 2 * LANES);
        s43.intoArray(c, cOffset + 4 * cStride + 3 * LANES);
        s50.intoArray(c, cOffset + 5 * cStride);
        s51.intoArray(c, cOffset + 5 * cStride + LANES);
        s52.intoArray(c, cOffset + 5 * cStride + 2 * LANES);
        s53.intoArray(c, cOffset + 5 * cStride + 3 * LANES);
    }

    /** 4 places of the window by 4 vectors of output channels; see {@link #outer}. */
    private static void outer4x4(
            float[] a,
            int[] rows,
            int row,
            int count,
            int aOffset,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride) {
        var s00 = FloatVector.fromArray(SPECIES, c, cOffset);
        var s01 = FloatVector.fromArray(SPECIES, c, cOffset + LANES);
        var s02 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * LANES);
        var s03 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * LANES);
        var s10 = FloatVector.fromArray(SPECIES, c, cOffset + cStride);
        var s11 = FloatVector.fromArray(SPECIES, c, cOffset + cStride + LANES);
        var s12 = FloatVector.fromArray(SPECIES, c, cOffset + cStride + 2 * LANES);
        var s13 = FloatVector.fromArray(SPECIES, c, cOffset + cStride + 3 * LANES);
        var s20 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride);
        var s21 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride + LANES);
        var s22 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride + 2 * LANES);
        var s23 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride + 3 * LANES);
        var s30 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride);
        var s31 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride + LANES);
        var s32 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride + 2 * LANES);
        var s33 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride + 3 * LANES);
        for (int p = 0; p < count; p++) {
            int ap = rows[row + p] + aOffset;
            var b0 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride);
            var b1 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride + LANES);
            var b2 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride + 2 * LANES);
            var b3 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride + 3 * LANES);
            var x0 = FloatVector.broadcast(SPECIES, a[ap]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            s02 = x0.fma(b2, s02);
            s03 = x0.fma(b3, s03);
            var x1 = FloatVector.broadcast(SPECIES, a[ap + 1]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            s12 = x1.fma(b2, s12);
            s13 = x1.fma(b3, s13);
            var x2 = FloatVector.broadcast(SPECIES, a[ap + 2]);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            s22 = x2.fma(b2, s22);
            s23 = x2.fma(b3, s23);
            var x3 = FloatVector.broadcast(SPECIES, a[ap + 3]);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            s32 = x3.fma(b2, s32);
            s33 = x3.fma(b3, s33);
        }
        s00.intoArray(c, cOffset);
        s01.intoArray(c, cOffset + LANES);
        s02.intoArray(c, cOffset + 2 * LANES);
        s03.intoArray(c, cOffset + 3 * LANES);
        s10.intoArray(c, cOffset + cStride);
        s11.intoArray(c, cOffset + cStride + LANES);
        s12.intoArray(c, cOffset + cStride + 2 * LANES);
        s13.intoArray(c, cOffset + cStride + 3 * LANES);
        s20.intoArray(c, cOffset + 2 * cStride);
        s21.intoArray(c, cOffset + 2 * cStride + LANES);
        s22.intoArray(c, cOffset + 2 * cStride + 2 * LANES);
        s23.intoArray(c, cOffset + 2 * cStride + 3 * LANES);
        s30.intoArray(c, cOffset + 3 * cStride);
        s31.intoArray(c, cOffset + 3 * cStride + LANES);
        s32.intoArray(c, cOffset + 3 * cStride + 2 * LANES);
        s33.intoArray(c, cOffset + 3 * cStride + 3 * LANES);
    }

    /** 8 places of the window by 2 vectors of output channels; see {@link #outer}. */
    private static void outer8x2(
            float[] a,
            int[] rows,
            int row,
            int count,
            int aOffset,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride) {
        var s00 = FloatVector.fromArray(SPECIES, c, cOffset);
        var s01 = FloatVector.fromArray(SPECIES, c, cOffset + LANES);
        var s10 = FloatVector.fromArray(SPECIES, c, cOffset + cStride);
        var s11 = FloatVector.fromArray(SPECIES, c, cOffset + cStride + LANES);
        var s20 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride);
        var s21 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride + LANES);
        var s30 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride);
        var s31 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride + LANES);
        var s40 = FloatVector.fromArray(SPECIES, c, cOffset + 4 * cStride);
        var s41 = FloatVector.fromArray(SPECIES, c, cOffset + 4 * cStride + LANES);
        var s50 = FloatVector.fromArray(SPECIES, c, cOffset + 5 * cStride);
        var s51 = FloatVector.fromArray(SPECIES, c, cOffset + 5 * cStride + LANES);
        var s60 = FloatVector.fromArray(SPECIES, c, cOffset + 6 * cStride);
        var s61 = FloatVector.fromArray(SPECIES, c, cOffset + 6 * cStride + LANES);
        var s70 = FloatVector.fromArray(SPECIES, c, cOffset + 7 * cStride);
        var s71 = FloatVector.fromArray(SPECIES, c, cOffset + 7 * cStride + LANES);
        for (int p = 0; p < count; p++) {
            int ap = rows[row + p] + aOffset;
            var b0 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride);
            var b1 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride + LANES);
            var x0 = FloatVector.broadcast(SPECIES, a[ap]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            var x1 = FloatVector.broadcast(SPECIES, a[ap + 1]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            var x2 = FloatVector.broadcast(SPECIES, a[ap + 2]);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            var x3 = FloatVector.broadcast(SPECIES, a[ap + 3]);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            var x4 = FloatVector.broadcast(SPECIES, a[ap + 4]);
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            var x5 = FloatVector.broadcast(SPECIES, a[ap + 5]);
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
            var x6 = FloatVector.broadcast(SPECIES, a[ap + 6]);
            s60 = x6.fma(b0, s60);
            s61 = x6.fma(b1, s61);
            var x7 = FloatVector.broadcast(SPECIES, a[ap + 7]);
            s70 = x7.fma(b0, s70);
            s71 = x7.fma(b1, s71);
        }
        s00.intoArray(c, cOffset);
        s01.intoArray(c, cOffset + LANES);
        s10.intoArray(c, cOffset + cStride);
        s11.intoArray(c, cOffset + cStride + LANES);
        s20.intoArray(c, cOffset + 2 * cStride);
        s21.intoArray(c, cOffset + 2 * cStride + LANES);
        s30.intoArray(c, cOffset + 3 * cStride);
        s31.intoArray(c, cOffset + 3 * cStride + LANES);
        s40.intoArray(c, cOffset + 4 * cStride);
        s41.intoArray(c, cOffset + 4 * cStride + LANES);
        s50.intoArray(c, cOffset + 5 * cStride);
        s51.intoArray(c, cOffset + 5 * cStride + LANES);
        s60.intoArray(c, cOffset + 6 * cStride);
        s61.intoArray(c, cOffset + 6 * cStride + LANES);
        s70.intoArray(c, cOffset + 7 * cStride);
        s71.intoArray(c, cOffset + 7 * cStride + LANES);
    }

    /** 12 places of the window by 1 vector of output channels; see {@link #outer}. */
    private static void outer12x1(
            float[] a,
            int[] rows,
            int row,
            int count,
            int aOffset,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride) {
        var s0 = FloatVector.fromArray(SPECIES, c, cOffset);
        var s1 = FloatVector.fromArray(SPECIES, c, cOffset + cStride);
        var s2 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride);
        var s3 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride);
        var s4 = FloatVector.fromArray(SPECIES, c, cOffset + 4 * cStride);
        var s5 = FloatVector.fromArray(SPECIES, c, cOffset + 5 * cStride);
        var s6 = FloatVector.fromArray(SPECIES, c, cOffset + 6 * cStride);
        var s7 = FloatVector.fromArray(SPECIES, c, cOffset + 7 * cStride);
        var s8 = FloatVector.fromArray(SPECIES, c, cOffset + 8 * cStride);
        var s9 = FloatVector.fromArray(SPECIES, c, cOffset + 9 * cStride);
        var s10 = FloatVector.fromArray(SPECIES, c, cOffset + 10 * cStride);
        var s11 = FloatVector.fromArray(SPECIES, c, cOffset + 11 * cStride);
        for (int p = 0; p < count; p++) {
            int ap = rows[row + p] + aOffset;
            var b0 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride);
            var x0 = FloatVector.broadcast(SPECIES, a[ap]);
            s0 = x0.fma(b0, s0);
            var x1 = FloatVector.broadcast(SPECIES, a[ap + 1]);
            s1 = x1.fma(b0, s1);
            var x2 = FloatVector.broadcast(SPECIES, a[ap + 2]);
            s2 = x2.fma(b0, s2);
            var x3 = FloatVector.broadcast(SPECIES, a[ap + 3]);
            s3 = x3.fma(b0, s3);
            var x4 = FloatVector.broadcast(SPECIES, a[ap + 4]);
            s4 = x4.fma(b0, s4);
            var x5 = FloatVector.broadcast(SPECIES, a[ap + 5]);
            s5 = x5.fma(b0, s5);
            var x6 = FloatVector.broadcast(SPECIES, a[ap + 6]);
            s6 = x6.fma(b0, s6);
            var x7 = FloatVector.broadcast(SPECIES, a[ap + 7]);
            s7 = x7.fma(b0, s7);
            var x8 = FloatVector.broadcast(SPECIES, a[ap + 8]);
            s8 = x8.fma(b0, s8);
            var x9 = FloatVector.broadcast(SPECIES, a[ap + 9]);
            s9 = x9.fma(b0, s9);
            var x10 = FloatVector.broadcast(SPECIES, a[ap + 10]);
            s10 = x10.fma(b0, s10);
            var x11 = FloatVector.broadcast(SPECIES, a[ap + 11]);
            s11 = x11.fma(b0, s11);
        }
        s0.intoArray(c, cOffset);
        s1.intoArray(c, cOffset + cStride);
        s2.intoArray(c, cOffset + 2 * cStride);
        s3.intoArray(c, cOffset + 3 * cStride);
        s4.intoArray(c, cOffset + 4 * cStride);
        s5.intoArray(c, cOffset + 5 * cStride);
        s6.intoArray(c, cOffset + 6 * cStride);
        s7.intoArray(c, cOffset + 7 * cStride);
        s8.intoArray(c, cOffset + 8 * cStride);
        s9.intoArray(c, cOffset + 9 * cStride);
        s10.intoArray(c, cOffset + 10 * cStride);
        s11.intoArray(c, cOffset + 11 * cStride);
    }

    /** 16 places of the window by a vector of output channels; see {@link #outer}. */
    private static void outer16x1(
            float[] a,
            int[] rows,
            int row,
            int count,
            int aOffset,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride) {
        var s0 = FloatVector.fromArray(SPECIES, c, cOffset);
        var s1 = FloatVector.fromArray(SPECIES, c, cOffset + cStride);
        var s2 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride);
        var s3 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride);
        var s4 = FloatVector.fromArray(SPECIES, c, cOffset + 4 * cStride);
        var s5 = FloatVector.fromArray(SPECIES, c, cOffset + 5 * cStride);
        var s6 = FloatVector.fromArray(SPECIES, c, cOffset + 6 * cStride);
        var s7 = FloatVector.fromArray(SPECIES, c, cOffset + 7 * cStride);
        var s8 = FloatVector.fromArray(SPECIES, c, cOffset + 8 * cStride);
        var s9 = FloatVector.fromArray(SPECIES, c, cOffset + 9 * cStride);
        var s10 = FloatVector.fromArray(SPECIES, c, cOffset + 10 * cStride);
        var s11 = FloatVector.fromArray(SPECIES, c, cOffset + 11 * cStride);
        var s12 = FloatVector.fromArray(SPECIES, c, cOffset + 12 * cStride);
        var s13 = FloatVector.fromArray(SPECIES, c, cOffset + 13 * cStride);
        var s14 = FloatVector.fromArray(SPECIES, c, cOffset + 14 * cStride);
        var s15 = FloatVector.fromArray(SPECIES, c, cOffset + 15 * cStride);
        for (int p = 0; p < count; p++) {
            int ap = rows[row + p] + aOffset;
            var b0 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride);
            s0 = FloatVector.broadcast(SPECIES, a[ap]).fma(b0, s0);
            s1 = FloatVector.broadcast(SPECIES, a[ap + 1]).fma(b0, s1);
            s2 = FloatVector.broadcast(SPECIES, a[ap + 2]).fma(b0, s2);
            s3 = FloatVector.broadcast(SPECIES, a[ap + 3]).fma(b0, s3);
            s4 = FloatVector.broadcast(SPECIES, a[ap + 4]).fma(b0, s4);
            s5 = FloatVector.broadcast(SPECIES, a[ap + 5]).fma(b0, s5);
            s6 = FloatVector.broadcast(SPECIES, a[ap + 6]).fma(b0, s6);
            s7 = FloatVector.broadcast(SPECIES, a[ap + 7]).fma(b0, s7);
            s8 = FloatVector.broadcast(SPECIES, a[ap + 8]).fma(b0, s8);
            s9 = FloatVector.broadcast(SPECIES, a[ap + 9]).fma(b0, s9);
            s10 = FloatVector.broadcast(SPECIES, a[ap + 10]).fma(b0, s10);
            s11 = FloatVector.broadcast(SPECIES, a[ap + 11]).fma(b0, s11);
            s12 = FloatVector.broadcast(SPECIES, a[ap + 12]).fma(b0, s12);
            s13 = FloatVector.broadcast(SPECIES, a[ap + 13]).fma(b0, s13);
            s14 = FloatVector.broadcast(SPECIES, a[ap + 14]).fma(b0, s14);
            s15 = FloatVector.broadcast(SPECIES, a[ap + 15]).fma(b0, s15);
        }
        s0.intoArray(c, cOffset);
        s1.intoArray(c, cOffset + cStride);
        s2.intoArray(c, cOffset + 2 * cStride);
        s3.intoArray(c, cOffset + 3 * cStride);
        s4.intoArray(c, cOffset + 4 * cStride);
        s5.intoArray(c, cOffset + 5 * cStride);
        s6.intoArray(c, cOffset + 6 * cStride);
        s7.intoArray(c, cOffset + 7 * cStride);
        s8.intoArray(c, cOffset + 8 * cStride);
        s9.intoArray(c, cOffset + 9 * cStride);
        s10.intoArray(c, cOffset + 10 * cStride);
        s11.intoArray(c, cOffset + 11 * cStride);
        s12.intoArray(c, cOffset + 12 * cStride);
        s13.intoArray(c, cOffset + 13 * cStride);
        s14.intoArray(c, cOffset + 14 * cStride);
        s15.intoArray(c, cOffset + 15 * cStride);
    }

    /** 4 places of the window by 2 vectors of output channels; see {@link #outer}. */
    private static void outer4x2(
            float[] a,
            int[] rows,
            int row,
            int count,
            int aOffset,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride) {
        var s00 = FloatVector.fromArray(SPECIES, c, cOffset);
        var s01 = FloatVector.fromArray(SPECIES, c, cOffset + LANES);
        var s10 = FloatVector.fromArray(SPECIES, c, cOffset + cStride);
        var s11 = FloatVector.fromArray(SPECIES, c, cOffset + cStride + LANES);
        var s20 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride);
        var s21 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride + LANES);
        var s30 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride);
        var s31 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride + LANES);
        for (int p = 0; p < count; p++) {
            int ap = rows[row + p] + aOffset;
            var b0 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride);
            var b1 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride + LANES);
            var x0 = FloatVector.broadcast(SPECIES, a[ap]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            var x1 = FloatVector.broadcast(SPECIES, a[ap + 1]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            var x2 = FloatVector.broadcast(SPECIES, a[ap + 2]);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            var x3 = FloatVector.broadcast(SPECIES, a[ap + 3]);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
        }
        s00.intoArray(c, cOffset);
        s01.intoArray(c, cOffset + LANES);
        s10.intoArray(c, cOffset + cStride);
        s11.intoArray(c, cOffset + cStride + LANES);
        s20.intoArray(c, cOffset + 2 * cStride);
        s21.intoArray(c, cOffset + 2 * cStride + LANES);
        s30.intoArray(c, cOffset + 3 * cStride);
        s31.intoArray(c, cOffset + 3 * cStride + LANES);
    }

    /** 8 places of the window by 1 vector of output channels; see {@link #outer}. */
    private static void outer8x1(
            float[] a,
            int[] rows,
            int row,
            int count,
            int aOffset,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride) {
        var s0 = FloatVector.fromArray(SPECIES, c, cOffset);
        var s1 = FloatVector.fromArray(SPECIES, c, cOffset + cStride);
        var s2 = FloatVector.fromArray(SPECIES, c, cOffset + 2 * cStride);
        var s3 = FloatVector.fromArray(SPECIES, c, cOffset + 3 * cStride);
        var s4 = FloatVector.fromArray(SPECIES, c, cOffset + 4 * cStride);
        var s5 = FloatVector.fromArray(SPECIES, c, cOffset + 5 * cStride);
        var s6 = FloatVector.fromArray(SPECIES, c, cOffset + 6 * cStride);
        var s7 = FloatVector.fromArray(SPECIES, c, cOffset + 7 * cStride);
        for (int p = 0; p < count; p++) {
            int ap = rows[row + p] + aOffset;
            var b0 = FloatVector.fromArray(SPECIES, b, bOffset + p * bStride);
            var x0 = FloatVector.broadcast(SPECIES, a[ap]);
            s0 = x0.fma(b0, s0);
            var x1 = FloatVector.broadcast(SPECIES, a[ap + 1]);
            s1 = x1.fma(b0, s1);
            var x2 = FloatVector.broadcast(SPECIES, a[ap + 2]);
            s2 = x2.fma(b0, s2);
            var x3 = FloatVector.broadcast(SPECIES, a[ap + 3]);
            s3 = x3.fma(b0, s3);
            var x4 = FloatVector.broadcast(SPECIES, a[ap + 4]);
            s4 = x4.fma(b0, s4);
            var x5 = FloatVector.broadcast(SPECIES, a[ap + 5]);
            s5 = x5.fma(b0, s5);
            var x6 = FloatVector.broadcast(SPECIES, a[ap + 6]);
            s6 = x6.fma(b0, s6);
            var x7 = FloatVector.broadcast(SPECIES, a[ap + 7]);
            s7 = x7.fma(b0, s7);
        }
        s0.intoArray(c, cOffset);
        s1.intoArray(c, cOffset + cStride);
        s2.intoArray(c, cOffset + 2 * cStride);
        s3.intoArray(c, cOffset + 3 * cStride);
        s4.intoArray(c, cOffset + 4 * cStride);
        s5.intoArray(c, cOffset + 5 * cStride);
        s6.intoArray(c, cOffset + 6 * cStride);
        s7.intoArray(c, cOffset + 7 * cStride);
    }

    /**
     * {@code c[m, n] = Σ a[m, k] · b[k, n]} for a matrix b of 16 by 16, where the rows of a and c lie one behind the other and
     * every distance is a constant; for vectors of 16 lanes.
     *
     * @param a {@code [count, 16]} from {@code aOffset}; {@code count} is a multiple of 12
     * @param b {@code [16, 16]} from {@code bOffset}
     * @param c {@code [count, 16]} from {@code cOffset}
     */
    public static void multiplySquare(
            float[] a, int aOffset, int count, float[] b, int bOffset, float[] c, int cOffset) {
        for (int m = 0; m < count; m += 12) {
            int i = aOffset + m * SQUARE;
            var s0 = FloatVector.zero(SPECIES);
            var s1 = FloatVector.zero(SPECIES);
            var s2 = FloatVector.zero(SPECIES);
            var s3 = FloatVector.zero(SPECIES);
            var s4 = FloatVector.zero(SPECIES);
            var s5 = FloatVector.zero(SPECIES);
            var s6 = FloatVector.zero(SPECIES);
            var s7 = FloatVector.zero(SPECIES);
            var s8 = FloatVector.zero(SPECIES);
            var s9 = FloatVector.zero(SPECIES);
            var s10 = FloatVector.zero(SPECIES);
            var s11 = FloatVector.zero(SPECIES);
            for (int k = 0; k < SQUARE; k++) {
                var row = FloatVector.fromArray(SPECIES, b, bOffset + k * SQUARE);
                s0 = FloatVector.broadcast(SPECIES, a[i + k]).fma(row, s0);
                s1 = FloatVector.broadcast(SPECIES, a[i + k + 1 * SQUARE]).fma(row, s1);
                s2 = FloatVector.broadcast(SPECIES, a[i + k + 2 * SQUARE]).fma(row, s2);
                s3 = FloatVector.broadcast(SPECIES, a[i + k + 3 * SQUARE]).fma(row, s3);
                s4 = FloatVector.broadcast(SPECIES, a[i + k + 4 * SQUARE]).fma(row, s4);
                s5 = FloatVector.broadcast(SPECIES, a[i + k + 5 * SQUARE]).fma(row, s5);
                s6 = FloatVector.broadcast(SPECIES, a[i + k + 6 * SQUARE]).fma(row, s6);
                s7 = FloatVector.broadcast(SPECIES, a[i + k + 7 * SQUARE]).fma(row, s7);
                s8 = FloatVector.broadcast(SPECIES, a[i + k + 8 * SQUARE]).fma(row, s8);
                s9 = FloatVector.broadcast(SPECIES, a[i + k + 9 * SQUARE]).fma(row, s9);
                s10 = FloatVector.broadcast(SPECIES, a[i + k + 10 * SQUARE]).fma(row, s10);
                s11 = FloatVector.broadcast(SPECIES, a[i + k + 11 * SQUARE]).fma(row, s11);
            }
            int out = cOffset + m * SQUARE;
            s0.intoArray(c, out);
            s1.intoArray(c, out + 1 * SQUARE);
            s2.intoArray(c, out + 2 * SQUARE);
            s3.intoArray(c, out + 3 * SQUARE);
            s4.intoArray(c, out + 4 * SQUARE);
            s5.intoArray(c, out + 5 * SQUARE);
            s6.intoArray(c, out + 6 * SQUARE);
            s7.intoArray(c, out + 7 * SQUARE);
            s8.intoArray(c, out + 8 * SQUARE);
            s9.intoArray(c, out + 9 * SQUARE);
            s10.intoArray(c, out + 10 * SQUARE);
            s11.intoArray(c, out + 11 * SQUARE);
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
