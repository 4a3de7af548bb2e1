package org.resnet4j.kernel.vector.winograd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of F(4x4, 3x3): 36 multiply-adds for each sixteen outputs and pair of channels where the definition takes
 * 144.
 *
 * <p>With the points 0, ±p, ±q and infinity
 *
 * <pre>
 *        | p²q²   0    -(p²+q²)    0      1   0 |         | 1   1   1   1   1  0 |
 *        |  0   -pq²     -q²       p      1   0 |         | 0   p  -p   q  -q  0 |
 *   Bᵀ = |  0    pq²     -q²      -p      1   0 |    Aᵀ = | 0   p²  p²  q²  q² 0 |
 *        |  0   -qp²     -p²       q      1   0 |         | 0   p³ -p³  q³ -q³ 1 |
 *        |  0    qp²     -p²      -q      1   0 |
 *        |  0   p²q²      0    -(p²+q²)   0   1 |
 * </pre>
 *
 * <p>The usual points 1 and 2 lose four times as many bits as the definition; p = 3/4 and q = 3/2, whose powers are exact in
 * float32 as well, lose twice as many (root mean square of the error, 256 channels: 2.6e-6, 1.1e-6 and 0.6e-6).
 *
 * <p>Both transforms are straight-line code because the compiler keeps vectors in registers only so; a row of the input's
 * transform is made and stored before the next.
 */
public final class VectorTransform4 implements WinogradGradientTransform {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** What is added where nothing is. */
    private static final float[] ZEROS = new float[LANES];

    private static final float P = 0.75f;
    private static final float PP = P * P;
    private static final float PPP = P * P * P;
    private static final float Q = 1.5f;
    private static final float QQ = Q * Q;
    private static final float QQQ = Q * Q * Q;
    private static final float PP_QQ = PP * QQ;

    /** G, by rows. */
    private static final double[][] G = {
        {1 / (double) PP_QQ, 0, 0}, row(P, PP, QQ), row(-P, PP, QQ), row(Q, QQ, PP), row(-Q, QQ, PP), {0, 0, 1},
    };

    private static double[] row(double point, double square, double other) {
        double factor = 1 / (2 * square * (square - other));
        return new double[] {factor, factor * point, factor * square};
    }

    @Override
    public String algorithm() {
        return "winograd 4x4";
    }

    @Override
    public int outputs() {
        return 4;
    }

    @Override
    public double[][] weightMatrix() {
        return G;
    }

    @Override
    public int[] leastOutputs() {
        return new int[] {1, 1, 1, 1, 1, 4};
    }

    @Override
    public void input(
            float[] x,
            int from,
            int step,
            int count,
            int rowFloats,
            int pixel,
            float[] target,
            int to,
            int targetStep,
            int place) {
        outerRows(x, from, step, count, rowFloats, pixel, target, to, targetStep, place);
        rowsOfP(x, from, step, count, rowFloats, pixel, target, to, targetStep, place);
        rowsOfQ(x, from, step, count, rowFloats, pixel, target, to, targetStep, place);
    }

    /** Rows 0 and 5 of {@code Bᵀ x B}: the points 0 and infinity. */
    private static void outerRows(
            float[] x,
            int from,
            int step,
            int count,
            int rowFloats,
            int pixel,
            float[] target,
            int to,
            int targetStep,
            int place) {
        var p = FloatVector.broadcast(SPECIES, P);
        var minusP = FloatVector.broadcast(SPECIES, -P);
        var q = FloatVector.broadcast(SPECIES, Q);
        var minusQ = FloatVector.broadcast(SPECIES, -Q);
        var minusPp = FloatVector.broadcast(SPECIES, -PP);
        var minusQq = FloatVector.broadcast(SPECIES, -QQ);
        var ppQq = FloatVector.broadcast(SPECIES, PP_QQ);
        var minusSum = FloatVector.broadcast(SPECIES, -PP - QQ);
        for (int i = 0; i < count; i++) {
            int r0 = from + i * step;
            int r1 = r0 + rowFloats;
            int r2 = r1 + rowFloats;
            int r3 = r2 + rowFloats;
            int r4 = r3 + rowFloats;
            int r5 = r4 + rowFloats;
            int at = to + i * targetStep;
            var a0 = FloatVector.fromArray(SPECIES, x, r0)
                    .fma(
                            ppQq,
                            FloatVector.fromArray(SPECIES, x, r2).fma(minusSum, FloatVector.fromArray(SPECIES, x, r4)));
            var a1 = FloatVector.fromArray(SPECIES, x, r0 + pixel)
                    .fma(
                            ppQq,
                            FloatVector.fromArray(SPECIES, x, r2 + pixel)
                                    .fma(minusSum, FloatVector.fromArray(SPECIES, x, r4 + pixel)));
            var a2 = FloatVector.fromArray(SPECIES, x, r0 + 2 * pixel)
                    .fma(
                            ppQq,
                            FloatVector.fromArray(SPECIES, x, r2 + 2 * pixel)
                                    .fma(minusSum, FloatVector.fromArray(SPECIES, x, r4 + 2 * pixel)));
            var a3 = FloatVector.fromArray(SPECIES, x, r0 + 3 * pixel)
                    .fma(
                            ppQq,
                            FloatVector.fromArray(SPECIES, x, r2 + 3 * pixel)
                                    .fma(minusSum, FloatVector.fromArray(SPECIES, x, r4 + 3 * pixel)));
            var a4 = FloatVector.fromArray(SPECIES, x, r0 + 4 * pixel)
                    .fma(
                            ppQq,
                            FloatVector.fromArray(SPECIES, x, r2 + 4 * pixel)
                                    .fma(minusSum, FloatVector.fromArray(SPECIES, x, r4 + 4 * pixel)));
            var a5 = FloatVector.fromArray(SPECIES, x, r0 + 5 * pixel)
                    .fma(
                            ppQq,
                            FloatVector.fromArray(SPECIES, x, r2 + 5 * pixel)
                                    .fma(minusSum, FloatVector.fromArray(SPECIES, x, r4 + 5 * pixel)));
            a0.fma(ppQq, a2.fma(minusSum, a4)).intoArray(target, at);
            var aEven = a2.fma(minusQq, a4);
            var aOdd = a1.fma(minusQq, a3);
            aOdd.fma(p, aEven).intoArray(target, at + place);
            aOdd.fma(minusP, aEven).intoArray(target, at + 2 * place);
            var aEven2 = a2.fma(minusPp, a4);
            var aOdd2 = a1.fma(minusPp, a3);
            aOdd2.fma(q, aEven2).intoArray(target, at + 3 * place);
            aOdd2.fma(minusQ, aEven2).intoArray(target, at + 4 * place);
            a1.fma(ppQq, a3.fma(minusSum, a5)).intoArray(target, at + 5 * place);
            var f0 = FloatVector.fromArray(SPECIES, x, r1)
                    .fma(
                            ppQq,
                            FloatVector.fromArray(SPECIES, x, r3).fma(minusSum, FloatVector.fromArray(SPECIES, x, r5)));
            var f1 = FloatVector.fromArray(SPECIES, x, r1 + pixel)
                    .fma(
                            ppQq,
                            FloatVector.fromArray(SPECIES, x, r3 + pixel)
                                    .fma(minusSum, FloatVector.fromArray(SPECIES, x, r5 + pixel)));
            var f2 = FloatVector.fromArray(SPECIES, x, r1 + 2 * pixel)
                    .fma(
                            ppQq,
                            FloatVector.fromArray(SPECIES, x, r3 + 2 * pixel)
                                    .fma(minusSum, FloatVector.fromArray(SPECIES, x, r5 + 2 * pixel)));
            var f3 = FloatVector.fromArray(SPECIES, x, r1 + 3 * pixel)
                    .fma(
                            ppQq,
                            FloatVector.fromArray(SPECIES, x, r3 + 3 * pixel)
                                    .fma(minusSum, FloatVector.fromArray(SPECIES, x, r5 + 3 * pixel)));
            var f4 = FloatVector.fromArray(SPECIES, x, r1 + 4 * pixel)
                    .fma(
                            ppQq,
                            FloatVector.fromArray(SPECIES, x, r3 + 4 * pixel)
                                    .fma(minusSum, FloatVector.fromArray(SPECIES, x, r5 + 4 * pixel)));
            var f5 = FloatVector.fromArray(SPECIES, x, r1 + 5 * pixel)
                    .fma(
                            ppQq,
                            FloatVector.fromArray(SPECIES, x, r3 + 5 * pixel)
                                    .fma(minusSum, FloatVector.fromArray(SPECIES, x, r5 + 5 * pixel)));
            f0.fma(ppQq, f2.fma(minusSum, f4)).intoArray(target, at + 30 * place);
            var fEven = f2.fma(minusQq, f4);
            var fOdd = f1.fma(minusQq, f3);
            fOdd.fma(p, fEven).intoArray(target, at + 31 * place);
            fOdd.fma(minusP, fEven).intoArray(target, at + 32 * place);
            var fEven2 = f2.fma(minusPp, f4);
            var fOdd2 = f1.fma(minusPp, f3);
            fOdd2.fma(q, fEven2).intoArray(target, at + 33 * place);
            fOdd2.fma(minusQ, fEven2).intoArray(target, at + 34 * place);
            f1.fma(ppQq, f3.fma(minusSum, f5)).intoArray(target, at + 35 * place);
        }
    }

    /** Rows 1 and 2 of {@code Bᵀ x B}: the points p and -p. */
    private static void rowsOfP(
            float[] x,
            int from,
            int step,
            int count,
            int rowFloats,
            int pixel,
            float[] target,
            int to,
            int targetStep,
            int place) {
        var p = FloatVector.broadcast(SPECIES, P);
        var minusP = FloatVector.broadcast(SPECIES, -P);
        var q = FloatVector.broadcast(SPECIES, Q);
        var minusQ = FloatVector.broadcast(SPECIES, -Q);
        var minusPp = FloatVector.broadcast(SPECIES, -PP);
        var minusQq = FloatVector.broadcast(SPECIES, -QQ);
        var ppQq = FloatVector.broadcast(SPECIES, PP_QQ);
        var minusSum = FloatVector.broadcast(SPECIES, -PP - QQ);
        for (int i = 0; i < count; i++) {
            int r0 = from + i * step;
            int r1 = r0 + rowFloats;
            int r2 = r1 + rowFloats;
            int r3 = r2 + rowFloats;
            int r4 = r3 + rowFloats;
            int at = to + i * targetStep;
            var bc0 = FloatVector.fromArray(SPECIES, x, r2).fma(minusQq, FloatVector.fromArray(SPECIES, x, r4));
            var cb0 = FloatVector.fromArray(SPECIES, x, r1).fma(minusQq, FloatVector.fromArray(SPECIES, x, r3));
            var b0 = cb0.fma(p, bc0);
            var c0 = cb0.fma(minusP, bc0);
            var bc1 = FloatVector.fromArray(SPECIES, x, r2 + pixel)
                    .fma(minusQq, FloatVector.fromArray(SPECIES, x, r4 + pixel));
            var cb1 = FloatVector.fromArray(SPECIES, x, r1 + pixel)
                    .fma(minusQq, FloatVector.fromArray(SPECIES, x, r3 + pixel));
            var b1 = cb1.fma(p, bc1);
            var c1 = cb1.fma(minusP, bc1);
            var bc2 = FloatVector.fromArray(SPECIES, x, r2 + 2 * pixel)
                    .fma(minusQq, FloatVector.fromArray(SPECIES, x, r4 + 2 * pixel));
            var cb2 = FloatVector.fromArray(SPECIES, x, r1 + 2 * pixel)
                    .fma(minusQq, FloatVector.fromArray(SPECIES, x, r3 + 2 * pixel));
            var b2 = cb2.fma(p, bc2);
            var c2 = cb2.fma(minusP, bc2);
            var bc3 = FloatVector.fromArray(SPECIES, x, r2 + 3 * pixel)
                    .fma(minusQq, FloatVector.fromArray(SPECIES, x, r4 + 3 * pixel));
            var cb3 = FloatVector.fromArray(SPECIES, x, r1 + 3 * pixel)
                    .fma(minusQq, FloatVector.fromArray(SPECIES, x, r3 + 3 * pixel));
            var b3 = cb3.fma(p, bc3);
            var c3 = cb3.fma(minusP, bc3);
            var bc4 = FloatVector.fromArray(SPECIES, x, r2 + 4 * pixel)
                    .fma(minusQq, FloatVector.fromArray(SPECIES, x, r4 + 4 * pixel));
            var cb4 = FloatVector.fromArray(SPECIES, x, r1 + 4 * pixel)
                    .fma(minusQq, FloatVector.fromArray(SPECIES, x, r3 + 4 * pixel));
            var b4 = cb4.fma(p, bc4);
            var c4 = cb4.fma(minusP, bc4);
            var bc5 = FloatVector.fromArray(SPECIES, x, r2 + 5 * pixel)
                    .fma(minusQq, FloatVector.fromArray(SPECIES, x, r4 + 5 * pixel));
            var cb5 = FloatVector.fromArray(SPECIES, x, r1 + 5 * pixel)
                    .fma(minusQq, FloatVector.fromArray(SPECIES, x, r3 + 5 * pixel));
            var b5 = cb5.fma(p, bc5);
            var c5 = cb5.fma(minusP, bc5);
            b0.fma(ppQq, b2.fma(minusSum, b4)).intoArray(target, at + 6 * place);
            var bEven = b2.fma(minusQq, b4);
            var bOdd = b1.fma(minusQq, b3);
            bOdd.fma(p, bEven).intoArray(target, at + 7 * place);
            bOdd.fma(minusP, bEven).intoArray(target, at + 8 * place);
            var bEven2 = b2.fma(minusPp, b4);
            var bOdd2 = b1.fma(minusPp, b3);
            bOdd2.fma(q, bEven2).intoArray(target, at + 9 * place);
            bOdd2.fma(minusQ, bEven2).intoArray(target, at + 10 * place);
            b1.fma(ppQq, b3.fma(minusSum, b5)).intoArray(target, at + 11 * place);
            c0.fma(ppQq, c2.fma(minusSum, c4)).intoArray(target, at + 12 * place);
            var cEven = c2.fma(minusQq, c4);
            var cOdd = c1.fma(minusQq, c3);
            cOdd.fma(p, cEven).intoArray(target, at + 13 * place);
            cOdd.fma(minusP, cEven).intoArray(target, at + 14 * place);
            var cEven2 = c2.fma(minusPp, c4);
            var cOdd2 = c1.fma(minusPp, c3);
            cOdd2.fma(q, cEven2).intoArray(target, at + 15 * place);
            cOdd2.fma(minusQ, cEven2).intoArray(target, at + 16 * place);
            c1.fma(ppQq, c3.fma(minusSum, c5)).intoArray(target, at + 17 * place);
        }
    }

    /** Rows 3 and 4 of {@code Bᵀ x B}: the points q and -q. */
    private static void rowsOfQ(
            float[] x,
            int from,
            int step,
            int count,
            int rowFloats,
            int pixel,
            float[] target,
            int to,
            int targetStep,
            int place) {
        var p = FloatVector.broadcast(SPECIES, P);
        var minusP = FloatVector.broadcast(SPECIES, -P);
        var q = FloatVector.broadcast(SPECIES, Q);
        var minusQ = FloatVector.broadcast(SPECIES, -Q);
        var minusPp = FloatVector.broadcast(SPECIES, -PP);
        var minusQq = FloatVector.broadcast(SPECIES, -QQ);
        var ppQq = FloatVector.broadcast(SPECIES, PP_QQ);
        var minusSum = FloatVector.broadcast(SPECIES, -PP - QQ);
        for (int i = 0; i < count; i++) {
            int r0 = from + i * step;
            int r1 = r0 + rowFloats;
            int r2 = r1 + rowFloats;
            int r3 = r2 + rowFloats;
            int r4 = r3 + rowFloats;
            int at = to + i * targetStep;
            var dg0 = FloatVector.fromArray(SPECIES, x, r2).fma(minusPp, FloatVector.fromArray(SPECIES, x, r4));
            var gd0 = FloatVector.fromArray(SPECIES, x, r1).fma(minusPp, FloatVector.fromArray(SPECIES, x, r3));
            var d0 = gd0.fma(q, dg0);
            var g0 = gd0.fma(minusQ, dg0);
            var dg1 = FloatVector.fromArray(SPECIES, x, r2 + pixel)
                    .fma(minusPp, FloatVector.fromArray(SPECIES, x, r4 + pixel));
            var gd1 = FloatVector.fromArray(SPECIES, x, r1 + pixel)
                    .fma(minusPp, FloatVector.fromArray(SPECIES, x, r3 + pixel));
            var d1 = gd1.fma(q, dg1);
            var g1 = gd1.fma(minusQ, dg1);
            var dg2 = FloatVector.fromArray(SPECIES, x, r2 + 2 * pixel)
                    .fma(minusPp, FloatVector.fromArray(SPECIES, x, r4 + 2 * pixel));
            var gd2 = FloatVector.fromArray(SPECIES, x, r1 + 2 * pixel)
                    .fma(minusPp, FloatVector.fromArray(SPECIES, x, r3 + 2 * pixel));
            var d2 = gd2.fma(q, dg2);
            var g2 = gd2.fma(minusQ, dg2);
            var dg3 = FloatVector.fromArray(SPECIES, x, r2 + 3 * pixel)
                    .fma(minusPp, FloatVector.fromArray(SPECIES, x, r4 + 3 * pixel));
            var gd3 = FloatVector.fromArray(SPECIES, x, r1 + 3 * pixel)
                    .fma(minusPp, FloatVector.fromArray(SPECIES, x, r3 + 3 * pixel));
            var d3 = gd3.fma(q, dg3);
            var g3 = gd3.fma(minusQ, dg3);
            var dg4 = FloatVector.fromArray(SPECIES, x, r2 + 4 * pixel)
                    .fma(minusPp, FloatVector.fromArray(SPECIES, x, r4 + 4 * pixel));
            var gd4 = FloatVector.fromArray(SPECIES, x, r1 + 4 * pixel)
                    .fma(minusPp, FloatVector.fromArray(SPECIES, x, r3 + 4 * pixel));
            var d4 = gd4.fma(q, dg4);
            var g4 = gd4.fma(minusQ, dg4);
            var dg5 = FloatVector.fromArray(SPECIES, x, r2 + 5 * pixel)
                    .fma(minusPp, FloatVector.fromArray(SPECIES, x, r4 + 5 * pixel));
            var gd5 = FloatVector.fromArray(SPECIES, x, r1 + 5 * pixel)
                    .fma(minusPp, FloatVector.fromArray(SPECIES, x, r3 + 5 * pixel));
            var d5 = gd5.fma(q, dg5);
            var g5 = gd5.fma(minusQ, dg5);
            d0.fma(ppQq, d2.fma(minusSum, d4)).intoArray(target, at + 18 * place);
            var dEven = d2.fma(minusQq, d4);
            var dOdd = d1.fma(minusQq, d3);
            dOdd.fma(p, dEven).intoArray(target, at + 19 * place);
            dOdd.fma(minusP, dEven).intoArray(target, at + 20 * place);
            var dEven2 = d2.fma(minusPp, d4);
            var dOdd2 = d1.fma(minusPp, d3);
            dOdd2.fma(q, dEven2).intoArray(target, at + 21 * place);
            dOdd2.fma(minusQ, dEven2).intoArray(target, at + 22 * place);
            d1.fma(ppQq, d3.fma(minusSum, d5)).intoArray(target, at + 23 * place);
            g0.fma(ppQq, g2.fma(minusSum, g4)).intoArray(target, at + 24 * place);
            var gEven = g2.fma(minusQq, g4);
            var gOdd = g1.fma(minusQq, g3);
            gOdd.fma(p, gEven).intoArray(target, at + 25 * place);
            gOdd.fma(minusP, gEven).intoArray(target, at + 26 * place);
            var gEven2 = g2.fma(minusPp, g4);
            var gOdd2 = g1.fma(minusPp, g3);
            gOdd2.fma(q, gEven2).intoArray(target, at + 27 * place);
            gOdd2.fma(minusQ, gEven2).intoArray(target, at + 28 * place);
            g1.fma(ppQq, g3.fma(minusSum, g5)).intoArray(target, at + 29 * place);
        }
    }

    @Override
    public void output(
            float[] m,
            int from,
            int step,
            int count,
            int place,
            float[] y,
            int to,
            int targetStep,
            int rowFloats,
            int pixel,
            float[] bias,
            int biasAt,
            int biasStep,
            boolean add,
            float least) {
        evenColumns(
                m, from, step, count, place, y, to, targetStep, rowFloats, pixel, bias, biasAt, biasStep, add, least);
        oddColumns(
                m, from, step, count, place, y, to, targetStep, rowFloats, pixel, bias, biasAt, biasStep, add, least);
    }

    /** Columns 0 and 2 of {@code Aᵀ m A}, which see the sums over ±p and ±q. */
    private static void evenColumns(
            float[] m,
            int from,
            int step,
            int count,
            int place,
            float[] y,
            int to,
            int targetStep,
            int rowFloats,
            int pixel,
            float[] bias,
            int biasAt,
            int biasStep,
            boolean add,
            float least) {
        var p = FloatVector.broadcast(SPECIES, P);
        var pp = FloatVector.broadcast(SPECIES, PP);
        var ppp = FloatVector.broadcast(SPECIES, PPP);
        var q = FloatVector.broadcast(SPECIES, Q);
        var qq = FloatVector.broadcast(SPECIES, QQ);
        var qqq = FloatVector.broadcast(SPECIES, QQQ);
        var floor = FloatVector.broadcast(SPECIES, least);
        float[] added = add ? y : ZEROS;
        int addedRow = add ? rowFloats : 0;
        int addedPixel = add ? pixel : 0;
        for (int i = 0; i < count; i++) {
            int at = from + i * step;
            int w0 = to + i * targetStep;
            int w1 = w0 + rowFloats;
            int w2 = w1 + rowFloats;
            int w3 = w2 + rowFloats;
            int a0 = add ? w0 : 0;
            int a1 = a0 + addedRow;
            int a2 = a1 + addedRow;
            int a3 = a2 + addedRow;
            var m01 = FloatVector.fromArray(SPECIES, m, at + place);
            var m02 = FloatVector.fromArray(SPECIES, m, at + 2 * place);
            var m03 = FloatVector.fromArray(SPECIES, m, at + 3 * place);
            var m04 = FloatVector.fromArray(SPECIES, m, at + 4 * place);
            var p0 = m01.add(m02);
            var r0 = m03.add(m04);
            var t00 = FloatVector.fromArray(SPECIES, m, at).add(p0).add(r0);
            var t02 = p0.fma(pp, r0.mul(qq));
            var m11 = FloatVector.fromArray(SPECIES, m, at + 7 * place);
            var m12 = FloatVector.fromArray(SPECIES, m, at + 8 * place);
            var m13 = FloatVector.fromArray(SPECIES, m, at + 9 * place);
            var m14 = FloatVector.fromArray(SPECIES, m, at + 10 * place);
            var p1 = m11.add(m12);
            var r1 = m13.add(m14);
            var t10 = FloatVector.fromArray(SPECIES, m, at + 6 * place).add(p1).add(r1);
            var t12 = p1.fma(pp, r1.mul(qq));
            var m21 = FloatVector.fromArray(SPECIES, m, at + 13 * place);
            var m22 = FloatVector.fromArray(SPECIES, m, at + 14 * place);
            var m23 = FloatVector.fromArray(SPECIES, m, at + 15 * place);
            var m24 = FloatVector.fromArray(SPECIES, m, at + 16 * place);
            var p2 = m21.add(m22);
            var r2 = m23.add(m24);
            var t20 = FloatVector.fromArray(SPECIES, m, at + 12 * place).add(p2).add(r2);
            var t22 = p2.fma(pp, r2.mul(qq));
            var m31 = FloatVector.fromArray(SPECIES, m, at + 19 * place);
            var m32 = FloatVector.fromArray(SPECIES, m, at + 20 * place);
            var m33 = FloatVector.fromArray(SPECIES, m, at + 21 * place);
            var m34 = FloatVector.fromArray(SPECIES, m, at + 22 * place);
            var p3 = m31.add(m32);
            var r3 = m33.add(m34);
            var t30 = FloatVector.fromArray(SPECIES, m, at + 18 * place).add(p3).add(r3);
            var t32 = p3.fma(pp, r3.mul(qq));
            var m41 = FloatVector.fromArray(SPECIES, m, at + 25 * place);
            var m42 = FloatVector.fromArray(SPECIES, m, at + 26 * place);
            var m43 = FloatVector.fromArray(SPECIES, m, at + 27 * place);
            var m44 = FloatVector.fromArray(SPECIES, m, at + 28 * place);
            var p4 = m41.add(m42);
            var r4 = m43.add(m44);
            var t40 = FloatVector.fromArray(SPECIES, m, at + 24 * place).add(p4).add(r4);
            var t42 = p4.fma(pp, r4.mul(qq));
            var m51 = FloatVector.fromArray(SPECIES, m, at + 31 * place);
            var m52 = FloatVector.fromArray(SPECIES, m, at + 32 * place);
            var m53 = FloatVector.fromArray(SPECIES, m, at + 33 * place);
            var m54 = FloatVector.fromArray(SPECIES, m, at + 34 * place);
            var p5 = m51.add(m52);
            var r5 = m53.add(m54);
            var t50 = FloatVector.fromArray(SPECIES, m, at + 30 * place).add(p5).add(r5);
            var t52 = p5.fma(pp, r5.mul(qq));
            var b = FloatVector.fromArray(SPECIES, bias, biasAt + i * biasStep);
            var e0 = t10.add(t20);
            var f0 = t10.sub(t20);
            var g0 = t30.add(t40);
            var h0 = t30.sub(t40);
            var y00 = t00.add(e0).add(g0.add(b)).add(FloatVector.fromArray(SPECIES, added, a0));
            y00.blend(floor, y00.lt(floor)).intoArray(y, w0);
            var y10 = f0.fma(p, h0.fma(q, b)).add(FloatVector.fromArray(SPECIES, added, a1));
            y10.blend(floor, y10.lt(floor)).intoArray(y, w1);
            var y20 = e0.fma(pp, g0.fma(qq, b)).add(FloatVector.fromArray(SPECIES, added, a2));
            y20.blend(floor, y20.lt(floor)).intoArray(y, w2);
            var y30 = f0.fma(ppp, h0.fma(qqq, t50.add(b))).add(FloatVector.fromArray(SPECIES, added, a3));
            y30.blend(floor, y30.lt(floor)).intoArray(y, w3);
            var e2 = t12.add(t22);
            var f2 = t12.sub(t22);
            var g2 = t32.add(t42);
            var h2 = t32.sub(t42);
            var y02 = t02.add(e2).add(g2.add(b)).add(FloatVector.fromArray(SPECIES, added, a0 + 2 * addedPixel));
            y02.blend(floor, y02.lt(floor)).intoArray(y, w0 + 2 * pixel);
            var y12 = f2.fma(p, h2.fma(q, b)).add(FloatVector.fromArray(SPECIES, added, a1 + 2 * addedPixel));
            y12.blend(floor, y12.lt(floor)).intoArray(y, w1 + 2 * pixel);
            var y22 = e2.fma(pp, g2.fma(qq, b)).add(FloatVector.fromArray(SPECIES, added, a2 + 2 * addedPixel));
            y22.blend(floor, y22.lt(floor)).intoArray(y, w2 + 2 * pixel);
            var y32 = f2.fma(ppp, h2.fma(qqq, t52.add(b)))
                    .add(FloatVector.fromArray(SPECIES, added, a3 + 2 * addedPixel));
            y32.blend(floor, y32.lt(floor)).intoArray(y, w3 + 2 * pixel);
        }
    }

    /** Columns 1 and 3 of {@code Aᵀ m A}, which see the differences. */
    private static void oddColumns(
            float[] m,
            int from,
            int step,
            int count,
            int place,
            float[] y,
            int to,
            int targetStep,
            int rowFloats,
            int pixel,
            float[] bias,
            int biasAt,
            int biasStep,
            boolean add,
            float least) {
        var p = FloatVector.broadcast(SPECIES, P);
        var pp = FloatVector.broadcast(SPECIES, PP);
        var ppp = FloatVector.broadcast(SPECIES, PPP);
        var q = FloatVector.broadcast(SPECIES, Q);
        var qq = FloatVector.broadcast(SPECIES, QQ);
        var qqq = FloatVector.broadcast(SPECIES, QQQ);
        var floor = FloatVector.broadcast(SPECIES, least);
        float[] added = add ? y : ZEROS;
        int addedRow = add ? rowFloats : 0;
        int addedPixel = add ? pixel : 0;
        for (int i = 0; i < count; i++) {
            int at = from + i * step;
            int w0 = to + i * targetStep;
            int w1 = w0 + rowFloats;
            int w2 = w1 + rowFloats;
            int w3 = w2 + rowFloats;
            int a0 = add ? w0 : 0;
            int a1 = a0 + addedRow;
            int a2 = a1 + addedRow;
            int a3 = a2 + addedRow;
            var m01 = FloatVector.fromArray(SPECIES, m, at + place);
            var m02 = FloatVector.fromArray(SPECIES, m, at + 2 * place);
            var m03 = FloatVector.fromArray(SPECIES, m, at + 3 * place);
            var m04 = FloatVector.fromArray(SPECIES, m, at + 4 * place);
            var p0 = m01.sub(m02);
            var r0 = m03.sub(m04);
            var t01 = p0.fma(p, r0.mul(q));
            var t03 = p0.fma(ppp, r0.fma(qqq, FloatVector.fromArray(SPECIES, m, at + 5 * place)));
            var m11 = FloatVector.fromArray(SPECIES, m, at + 7 * place);
            var m12 = FloatVector.fromArray(SPECIES, m, at + 8 * place);
            var m13 = FloatVector.fromArray(SPECIES, m, at + 9 * place);
            var m14 = FloatVector.fromArray(SPECIES, m, at + 10 * place);
            var p1 = m11.sub(m12);
            var r1 = m13.sub(m14);
            var t11 = p1.fma(p, r1.mul(q));
            var t13 = p1.fma(ppp, r1.fma(qqq, FloatVector.fromArray(SPECIES, m, at + 11 * place)));
            var m21 = FloatVector.fromArray(SPECIES, m, at + 13 * place);
            var m22 = FloatVector.fromArray(SPECIES, m, at + 14 * place);
            var m23 = FloatVector.fromArray(SPECIES, m, at + 15 * place);
            var m24 = FloatVector.fromArray(SPECIES, m, at + 16 * place);
            var p2 = m21.sub(m22);
            var r2 = m23.sub(m24);
            var t21 = p2.fma(p, r2.mul(q));
            var t23 = p2.fma(ppp, r2.fma(qqq, FloatVector.fromArray(SPECIES, m, at + 17 * place)));
            var m31 = FloatVector.fromArray(SPECIES, m, at + 19 * place);
            var m32 = FloatVector.fromArray(SPECIES, m, at + 20 * place);
            var m33 = FloatVector.fromArray(SPECIES, m, at + 21 * place);
            var m34 = FloatVector.fromArray(SPECIES, m, at + 22 * place);
            var p3 = m31.sub(m32);
            var r3 = m33.sub(m34);
            var t31 = p3.fma(p, r3.mul(q));
            var t33 = p3.fma(ppp, r3.fma(qqq, FloatVector.fromArray(SPECIES, m, at + 23 * place)));
            var m41 = FloatVector.fromArray(SPECIES, m, at + 25 * place);
            var m42 = FloatVector.fromArray(SPECIES, m, at + 26 * place);
            var m43 = FloatVector.fromArray(SPECIES, m, at + 27 * place);
            var m44 = FloatVector.fromArray(SPECIES, m, at + 28 * place);
            var p4 = m41.sub(m42);
            var r4 = m43.sub(m44);
            var t41 = p4.fma(p, r4.mul(q));
            var t43 = p4.fma(ppp, r4.fma(qqq, FloatVector.fromArray(SPECIES, m, at + 29 * place)));
            var m51 = FloatVector.fromArray(SPECIES, m, at + 31 * place);
            var m52 = FloatVector.fromArray(SPECIES, m, at + 32 * place);
            var m53 = FloatVector.fromArray(SPECIES, m, at + 33 * place);
            var m54 = FloatVector.fromArray(SPECIES, m, at + 34 * place);
            var p5 = m51.sub(m52);
            var r5 = m53.sub(m54);
            var t51 = p5.fma(p, r5.mul(q));
            var t53 = p5.fma(ppp, r5.fma(qqq, FloatVector.fromArray(SPECIES, m, at + 35 * place)));
            var b = FloatVector.fromArray(SPECIES, bias, biasAt + i * biasStep);
            var e1 = t11.add(t21);
            var f1 = t11.sub(t21);
            var g1 = t31.add(t41);
            var h1 = t31.sub(t41);
            var y01 = t01.add(e1).add(g1.add(b)).add(FloatVector.fromArray(SPECIES, added, a0 + addedPixel));
            y01.blend(floor, y01.lt(floor)).intoArray(y, w0 + pixel);
            var y11 = f1.fma(p, h1.fma(q, b)).add(FloatVector.fromArray(SPECIES, added, a1 + addedPixel));
            y11.blend(floor, y11.lt(floor)).intoArray(y, w1 + pixel);
            var y21 = e1.fma(pp, g1.fma(qq, b)).add(FloatVector.fromArray(SPECIES, added, a2 + addedPixel));
            y21.blend(floor, y21.lt(floor)).intoArray(y, w2 + pixel);
            var y31 = f1.fma(ppp, h1.fma(qqq, t51.add(b))).add(FloatVector.fromArray(SPECIES, added, a3 + addedPixel));
            y31.blend(floor, y31.lt(floor)).intoArray(y, w3 + pixel);
            var e3 = t13.add(t23);
            var f3 = t13.sub(t23);
            var g3 = t33.add(t43);
            var h3 = t33.sub(t43);
            var y03 = t03.add(e3).add(g3.add(b)).add(FloatVector.fromArray(SPECIES, added, a0 + 3 * addedPixel));
            y03.blend(floor, y03.lt(floor)).intoArray(y, w0 + 3 * pixel);
            var y13 = f3.fma(p, h3.fma(q, b)).add(FloatVector.fromArray(SPECIES, added, a1 + 3 * addedPixel));
            y13.blend(floor, y13.lt(floor)).intoArray(y, w1 + 3 * pixel);
            var y23 = e3.fma(pp, g3.fma(qq, b)).add(FloatVector.fromArray(SPECIES, added, a2 + 3 * addedPixel));
            y23.blend(floor, y23.lt(floor)).intoArray(y, w2 + 3 * pixel);
            var y33 = f3.fma(ppp, h3.fma(qqq, t53.add(b)))
                    .add(FloatVector.fromArray(SPECIES, added, a3 + 3 * addedPixel));
            y33.blend(floor, y33.lt(floor)).intoArray(y, w3 + 3 * pixel);
        }
    }

    @Override
    public void gradient(
            float[] dy,
            int from,
            int step,
            int count,
            int rowFloats,
            int pixel,
            float[] target,
            int to,
            int targetStep,
            int place) {
        outerGradients(dy, from, step, count, rowFloats, pixel, target, to, targetStep, place);
        gradientsOfP(dy, from, step, count, rowFloats, pixel, target, to, targetStep, place);
        gradientsOfQ(dy, from, step, count, rowFloats, pixel, target, to, targetStep, place);
    }

    /** Rows 0 and 5 of {@code A dy Aᵀ}. */
    private static void outerGradients(
            float[] dy,
            int from,
            int step,
            int count,
            int rowFloats,
            int pixel,
            float[] target,
            int to,
            int targetStep,
            int place) {
        var p = FloatVector.broadcast(SPECIES, P);
        var minusP = FloatVector.broadcast(SPECIES, -P);
        var q = FloatVector.broadcast(SPECIES, Q);
        var minusQ = FloatVector.broadcast(SPECIES, -Q);
        var pp = FloatVector.broadcast(SPECIES, PP);
        var qq = FloatVector.broadcast(SPECIES, QQ);
        for (int i = 0; i < count; i++) {
            int r0 = from + i * step;
            int r1 = r0 + rowFloats;
            int r2 = r1 + rowFloats;
            int r3 = r2 + rowFloats;
            int at = to + i * targetStep;
            var a0 = FloatVector.fromArray(SPECIES, dy, r0);
            var a1 = FloatVector.fromArray(SPECIES, dy, r0 + pixel);
            var a2 = FloatVector.fromArray(SPECIES, dy, r0 + 2 * pixel);
            var a3 = FloatVector.fromArray(SPECIES, dy, r0 + 3 * pixel);
            a0.intoArray(target, at);
            var aEven = a2.fma(pp, a0);
            var aOdd = a3.fma(pp, a1);
            aOdd.fma(p, aEven).intoArray(target, at + place);
            aOdd.fma(minusP, aEven).intoArray(target, at + 2 * place);
            var aEven2 = a2.fma(qq, a0);
            var aOdd2 = a3.fma(qq, a1);
            aOdd2.fma(q, aEven2).intoArray(target, at + 3 * place);
            aOdd2.fma(minusQ, aEven2).intoArray(target, at + 4 * place);
            a3.intoArray(target, at + 5 * place);
            var f0 = FloatVector.fromArray(SPECIES, dy, r3);
            var f1 = FloatVector.fromArray(SPECIES, dy, r3 + pixel);
            var f2 = FloatVector.fromArray(SPECIES, dy, r3 + 2 * pixel);
            var f3 = FloatVector.fromArray(SPECIES, dy, r3 + 3 * pixel);
            f0.intoArray(target, at + 30 * place);
            var fEven = f2.fma(pp, f0);
            var fOdd = f3.fma(pp, f1);
            fOdd.fma(p, fEven).intoArray(target, at + 31 * place);
            fOdd.fma(minusP, fEven).intoArray(target, at + 32 * place);
            var fEven2 = f2.fma(qq, f0);
            var fOdd2 = f3.fma(qq, f1);
            fOdd2.fma(q, fEven2).intoArray(target, at + 33 * place);
            fOdd2.fma(minusQ, fEven2).intoArray(target, at + 34 * place);
            f3.intoArray(target, at + 35 * place);
        }
    }

    /** Rows 1 and 2 of {@code A dy Aᵀ}: the points p and -p. */
    private static void gradientsOfP(
            float[] dy,
            int from,
            int step,
            int count,
            int rowFloats,
            int pixel,
            float[] target,
            int to,
            int targetStep,
            int place) {
        var p = FloatVector.broadcast(SPECIES, P);
        var minusP = FloatVector.broadcast(SPECIES, -P);
        var q = FloatVector.broadcast(SPECIES, Q);
        var minusQ = FloatVector.broadcast(SPECIES, -Q);
        var pp = FloatVector.broadcast(SPECIES, PP);
        var qq = FloatVector.broadcast(SPECIES, QQ);
        for (int i = 0; i < count; i++) {
            int r0 = from + i * step;
            int r1 = r0 + rowFloats;
            int r2 = r1 + rowFloats;
            int r3 = r2 + rowFloats;
            int at = to + i * targetStep;
            var even0 = FloatVector.fromArray(SPECIES, dy, r2).fma(pp, FloatVector.fromArray(SPECIES, dy, r0));
            var odd0 = FloatVector.fromArray(SPECIES, dy, r3).fma(pp, FloatVector.fromArray(SPECIES, dy, r1));
            var b0 = odd0.fma(p, even0);
            var c0 = odd0.fma(minusP, even0);
            var even1 = FloatVector.fromArray(SPECIES, dy, r2 + pixel)
                    .fma(pp, FloatVector.fromArray(SPECIES, dy, r0 + pixel));
            var odd1 = FloatVector.fromArray(SPECIES, dy, r3 + pixel)
                    .fma(pp, FloatVector.fromArray(SPECIES, dy, r1 + pixel));
            var b1 = odd1.fma(p, even1);
            var c1 = odd1.fma(minusP, even1);
            var even2 = FloatVector.fromArray(SPECIES, dy, r2 + 2 * pixel)
                    .fma(pp, FloatVector.fromArray(SPECIES, dy, r0 + 2 * pixel));
            var odd2 = FloatVector.fromArray(SPECIES, dy, r3 + 2 * pixel)
                    .fma(pp, FloatVector.fromArray(SPECIES, dy, r1 + 2 * pixel));
            var b2 = odd2.fma(p, even2);
            var c2 = odd2.fma(minusP, even2);
            var even3 = FloatVector.fromArray(SPECIES, dy, r2 + 3 * pixel)
                    .fma(pp, FloatVector.fromArray(SPECIES, dy, r0 + 3 * pixel));
            var odd3 = FloatVector.fromArray(SPECIES, dy, r3 + 3 * pixel)
                    .fma(pp, FloatVector.fromArray(SPECIES, dy, r1 + 3 * pixel));
            var b3 = odd3.fma(p, even3);
            var c3 = odd3.fma(minusP, even3);
            b0.intoArray(target, at + 6 * place);
            var bEven = b2.fma(pp, b0);
            var bOdd = b3.fma(pp, b1);
            bOdd.fma(p, bEven).intoArray(target, at + 7 * place);
            bOdd.fma(minusP, bEven).intoArray(target, at + 8 * place);
            var bEven2 = b2.fma(qq, b0);
            var bOdd2 = b3.fma(qq, b1);
            bOdd2.fma(q, bEven2).intoArray(target, at + 9 * place);
            bOdd2.fma(minusQ, bEven2).intoArray(target, at + 10 * place);
            b3.intoArray(target, at + 11 * place);
            c0.intoArray(target, at + 12 * place);
            var cEven = c2.fma(pp, c0);
            var cOdd = c3.fma(pp, c1);
            cOdd.fma(p, cEven).intoArray(target, at + 13 * place);
            cOdd.fma(minusP, cEven).intoArray(target, at + 14 * place);
            var cEven2 = c2.fma(qq, c0);
            var cOdd2 = c3.fma(qq, c1);
            cOdd2.fma(q, cEven2).intoArray(target, at + 15 * place);
            cOdd2.fma(minusQ, cEven2).intoArray(target, at + 16 * place);
            c3.intoArray(target, at + 17 * place);
        }
    }

    /** Rows 3 and 4 of {@code A dy Aᵀ}: the points q and -q. */
    private static void gradientsOfQ(
            float[] dy,
            int from,
            int step,
            int count,
            int rowFloats,
            int pixel,
            float[] target,
            int to,
            int targetStep,
            int place) {
        var p = FloatVector.broadcast(SPECIES, P);
        var minusP = FloatVector.broadcast(SPECIES, -P);
        var q = FloatVector.broadcast(SPECIES, Q);
        var minusQ = FloatVector.broadcast(SPECIES, -Q);
        var pp = FloatVector.broadcast(SPECIES, PP);
        var qq = FloatVector.broadcast(SPECIES, QQ);
        for (int i = 0; i < count; i++) {
            int r0 = from + i * step;
            int r1 = r0 + rowFloats;
            int r2 = r1 + rowFloats;
            int r3 = r2 + rowFloats;
            int at = to + i * targetStep;
            var even0 = FloatVector.fromArray(SPECIES, dy, r2).fma(qq, FloatVector.fromArray(SPECIES, dy, r0));
            var odd0 = FloatVector.fromArray(SPECIES, dy, r3).fma(qq, FloatVector.fromArray(SPECIES, dy, r1));
            var d0 = odd0.fma(q, even0);
            var g0 = odd0.fma(minusQ, even0);
            var even1 = FloatVector.fromArray(SPECIES, dy, r2 + pixel)
                    .fma(qq, FloatVector.fromArray(SPECIES, dy, r0 + pixel));
            var odd1 = FloatVector.fromArray(SPECIES, dy, r3 + pixel)
                    .fma(qq, FloatVector.fromArray(SPECIES, dy, r1 + pixel));
            var d1 = odd1.fma(q, even1);
            var g1 = odd1.fma(minusQ, even1);
            var even2 = FloatVector.fromArray(SPECIES, dy, r2 + 2 * pixel)
                    .fma(qq, FloatVector.fromArray(SPECIES, dy, r0 + 2 * pixel));
            var odd2 = FloatVector.fromArray(SPECIES, dy, r3 + 2 * pixel)
                    .fma(qq, FloatVector.fromArray(SPECIES, dy, r1 + 2 * pixel));
            var d2 = odd2.fma(q, even2);
            var g2 = odd2.fma(minusQ, even2);
            var even3 = FloatVector.fromArray(SPECIES, dy, r2 + 3 * pixel)
                    .fma(qq, FloatVector.fromArray(SPECIES, dy, r0 + 3 * pixel));
            var odd3 = FloatVector.fromArray(SPECIES, dy, r3 + 3 * pixel)
                    .fma(qq, FloatVector.fromArray(SPECIES, dy, r1 + 3 * pixel));
            var d3 = odd3.fma(q, even3);
            var g3 = odd3.fma(minusQ, even3);
            d0.intoArray(target, at + 18 * place);
            var dEven = d2.fma(pp, d0);
            var dOdd = d3.fma(pp, d1);
            dOdd.fma(p, dEven).intoArray(target, at + 19 * place);
            dOdd.fma(minusP, dEven).intoArray(target, at + 20 * place);
            var dEven2 = d2.fma(qq, d0);
            var dOdd2 = d3.fma(qq, d1);
            dOdd2.fma(q, dEven2).intoArray(target, at + 21 * place);
            dOdd2.fma(minusQ, dEven2).intoArray(target, at + 22 * place);
            d3.intoArray(target, at + 23 * place);
            g0.intoArray(target, at + 24 * place);
            var gEven = g2.fma(pp, g0);
            var gOdd = g3.fma(pp, g1);
            gOdd.fma(p, gEven).intoArray(target, at + 25 * place);
            gOdd.fma(minusP, gEven).intoArray(target, at + 26 * place);
            var gEven2 = g2.fma(qq, g0);
            var gOdd2 = g3.fma(qq, g1);
            gOdd2.fma(q, gEven2).intoArray(target, at + 27 * place);
            gOdd2.fma(minusQ, gEven2).intoArray(target, at + 28 * place);
            g3.intoArray(target, at + 29 * place);
        }
    }

    @Override
    public void weights(float[] u, int from, int count, int place, float[] w, int to, int weight) {
        firstWeights(u, from, count, place, w, to, weight);
        secondWeights(u, from, count, place, w, to, weight);
        thirdWeights(u, from, count, place, w, to, weight);
    }

    /** Row 0 of {@code Gᵀ u G}. */
    private static void firstWeights(float[] u, int from, int count, int place, float[] w, int to, int weight) {
        var g0 = FloatVector.broadcast(SPECIES, (float) G[0][0]);
        var gp = FloatVector.broadcast(SPECIES, (float) G[1][0]);
        var gpp = FloatVector.broadcast(SPECIES, (float) G[1][1]);
        var gppp = FloatVector.broadcast(SPECIES, (float) G[1][2]);
        var gq = FloatVector.broadcast(SPECIES, (float) G[3][0]);
        var gqq = FloatVector.broadcast(SPECIES, (float) G[3][1]);
        var gqqq = FloatVector.broadcast(SPECIES, (float) G[3][2]);
        for (int c = 0; c < count * LANES; c += LANES) {
            int at = from + c;
            int out = to + c;
            var p0 = FloatVector.fromArray(SPECIES, u, at + 6 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 12 * place));
            var q0 = FloatVector.fromArray(SPECIES, u, at + 18 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 24 * place));
            var h0 = FloatVector.fromArray(SPECIES, u, at).fma(g0, p0.fma(gp, q0.mul(gq)));
            var p1 = FloatVector.fromArray(SPECIES, u, at + 7 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 13 * place));
            var q1 = FloatVector.fromArray(SPECIES, u, at + 19 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 25 * place));
            var h1 = FloatVector.fromArray(SPECIES, u, at + place).fma(g0, p1.fma(gp, q1.mul(gq)));
            var p2 = FloatVector.fromArray(SPECIES, u, at + 8 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 14 * place));
            var q2 = FloatVector.fromArray(SPECIES, u, at + 20 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 26 * place));
            var h2 = FloatVector.fromArray(SPECIES, u, at + 2 * place).fma(g0, p2.fma(gp, q2.mul(gq)));
            var p3 = FloatVector.fromArray(SPECIES, u, at + 9 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 15 * place));
            var q3 = FloatVector.fromArray(SPECIES, u, at + 21 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 27 * place));
            var h3 = FloatVector.fromArray(SPECIES, u, at + 3 * place).fma(g0, p3.fma(gp, q3.mul(gq)));
            var p4 = FloatVector.fromArray(SPECIES, u, at + 10 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 16 * place));
            var q4 = FloatVector.fromArray(SPECIES, u, at + 22 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 28 * place));
            var h4 = FloatVector.fromArray(SPECIES, u, at + 4 * place).fma(g0, p4.fma(gp, q4.mul(gq)));
            var p5 = FloatVector.fromArray(SPECIES, u, at + 11 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 17 * place));
            var q5 = FloatVector.fromArray(SPECIES, u, at + 23 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 29 * place));
            var h5 = FloatVector.fromArray(SPECIES, u, at + 5 * place).fma(g0, p5.fma(gp, q5.mul(gq)));
            var pSum = h1.add(h2);
            var pDifference = h1.sub(h2);
            var qSum = h3.add(h4);
            var qDifference = h3.sub(h4);
            h0.fma(g0, pSum.fma(gp, qSum.fma(gq, FloatVector.fromArray(SPECIES, w, out))))
                    .intoArray(w, out);
            pDifference
                    .fma(gpp, qDifference.fma(gqq, FloatVector.fromArray(SPECIES, w, out + weight)))
                    .intoArray(w, out + weight);
            pSum.fma(gppp, qSum.fma(gqqq, h5.add(FloatVector.fromArray(SPECIES, w, out + 2 * weight))))
                    .intoArray(w, out + 2 * weight);
        }
    }

    /** Row 1 of {@code Gᵀ u G}. */
    private static void secondWeights(float[] u, int from, int count, int place, float[] w, int to, int weight) {
        var g0 = FloatVector.broadcast(SPECIES, (float) G[0][0]);
        var gp = FloatVector.broadcast(SPECIES, (float) G[1][0]);
        var gpp = FloatVector.broadcast(SPECIES, (float) G[1][1]);
        var gppp = FloatVector.broadcast(SPECIES, (float) G[1][2]);
        var gq = FloatVector.broadcast(SPECIES, (float) G[3][0]);
        var gqq = FloatVector.broadcast(SPECIES, (float) G[3][1]);
        var gqqq = FloatVector.broadcast(SPECIES, (float) G[3][2]);
        for (int c = 0; c < count * LANES; c += LANES) {
            int at = from + c;
            int out = to + c;
            var p0 = FloatVector.fromArray(SPECIES, u, at + 6 * place)
                    .sub(FloatVector.fromArray(SPECIES, u, at + 12 * place));
            var q0 = FloatVector.fromArray(SPECIES, u, at + 18 * place)
                    .sub(FloatVector.fromArray(SPECIES, u, at + 24 * place));
            var h0 = p0.fma(gpp, q0.mul(gqq));
            var p1 = FloatVector.fromArray(SPECIES, u, at + 7 * place)
                    .sub(FloatVector.fromArray(SPECIES, u, at + 13 * place));
            var q1 = FloatVector.fromArray(SPECIES, u, at + 19 * place)
                    .sub(FloatVector.fromArray(SPECIES, u, at + 25 * place));
            var h1 = p1.fma(gpp, q1.mul(gqq));
            var p2 = FloatVector.fromArray(SPECIES, u, at + 8 * place)
                    .sub(FloatVector.fromArray(SPECIES, u, at + 14 * place));
            var q2 = FloatVector.fromArray(SPECIES, u, at + 20 * place)
                    .sub(FloatVector.fromArray(SPECIES, u, at + 26 * place));
            var h2 = p2.fma(gpp, q2.mul(gqq));
            var p3 = FloatVector.fromArray(SPECIES, u, at + 9 * place)
                    .sub(FloatVector.fromArray(SPECIES, u, at + 15 * place));
            var q3 = FloatVector.fromArray(SPECIES, u, at + 21 * place)
                    .sub(FloatVector.fromArray(SPECIES, u, at + 27 * place));
            var h3 = p3.fma(gpp, q3.mul(gqq));
            var p4 = FloatVector.fromArray(SPECIES, u, at + 10 * place)
                    .sub(FloatVector.fromArray(SPECIES, u, at + 16 * place));
            var q4 = FloatVector.fromArray(SPECIES, u, at + 22 * place)
                    .sub(FloatVector.fromArray(SPECIES, u, at + 28 * place));
            var h4 = p4.fma(gpp, q4.mul(gqq));
            var p5 = FloatVector.fromArray(SPECIES, u, at + 11 * place)
                    .sub(FloatVector.fromArray(SPECIES, u, at + 17 * place));
            var q5 = FloatVector.fromArray(SPECIES, u, at + 23 * place)
                    .sub(FloatVector.fromArray(SPECIES, u, at + 29 * place));
            var h5 = p5.fma(gpp, q5.mul(gqq));
            var pSum = h1.add(h2);
            var pDifference = h1.sub(h2);
            var qSum = h3.add(h4);
            var qDifference = h3.sub(h4);
            h0.fma(g0, pSum.fma(gp, qSum.fma(gq, FloatVector.fromArray(SPECIES, w, out + 3 * weight))))
                    .intoArray(w, out + 3 * weight);
            pDifference
                    .fma(gpp, qDifference.fma(gqq, FloatVector.fromArray(SPECIES, w, out + 4 * weight)))
                    .intoArray(w, out + 4 * weight);
            pSum.fma(gppp, qSum.fma(gqqq, h5.add(FloatVector.fromArray(SPECIES, w, out + 5 * weight))))
                    .intoArray(w, out + 5 * weight);
        }
    }

    /** Row 2 of {@code Gᵀ u G}. */
    private static void thirdWeights(float[] u, int from, int count, int place, float[] w, int to, int weight) {
        var g0 = FloatVector.broadcast(SPECIES, (float) G[0][0]);
        var gp = FloatVector.broadcast(SPECIES, (float) G[1][0]);
        var gpp = FloatVector.broadcast(SPECIES, (float) G[1][1]);
        var gppp = FloatVector.broadcast(SPECIES, (float) G[1][2]);
        var gq = FloatVector.broadcast(SPECIES, (float) G[3][0]);
        var gqq = FloatVector.broadcast(SPECIES, (float) G[3][1]);
        var gqqq = FloatVector.broadcast(SPECIES, (float) G[3][2]);
        for (int c = 0; c < count * LANES; c += LANES) {
            int at = from + c;
            int out = to + c;
            var p0 = FloatVector.fromArray(SPECIES, u, at + 6 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 12 * place));
            var q0 = FloatVector.fromArray(SPECIES, u, at + 18 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 24 * place));
            var h0 = p0.fma(gppp, q0.fma(gqqq, FloatVector.fromArray(SPECIES, u, at + 30 * place)));
            var p1 = FloatVector.fromArray(SPECIES, u, at + 7 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 13 * place));
            var q1 = FloatVector.fromArray(SPECIES, u, at + 19 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 25 * place));
            var h1 = p1.fma(gppp, q1.fma(gqqq, FloatVector.fromArray(SPECIES, u, at + 31 * place)));
            var p2 = FloatVector.fromArray(SPECIES, u, at + 8 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 14 * place));
            var q2 = FloatVector.fromArray(SPECIES, u, at + 20 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 26 * place));
            var h2 = p2.fma(gppp, q2.fma(gqqq, FloatVector.fromArray(SPECIES, u, at + 32 * place)));
            var p3 = FloatVector.fromArray(SPECIES, u, at + 9 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 15 * place));
            var q3 = FloatVector.fromArray(SPECIES, u, at + 21 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 27 * place));
            var h3 = p3.fma(gppp, q3.fma(gqqq, FloatVector.fromArray(SPECIES, u, at + 33 * place)));
            var p4 = FloatVector.fromArray(SPECIES, u, at + 10 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 16 * place));
            var q4 = FloatVector.fromArray(SPECIES, u, at + 22 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 28 * place));
            var h4 = p4.fma(gppp, q4.fma(gqqq, FloatVector.fromArray(SPECIES, u, at + 34 * place)));
            var p5 = FloatVector.fromArray(SPECIES, u, at + 11 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 17 * place));
            var q5 = FloatVector.fromArray(SPECIES, u, at + 23 * place)
                    .add(FloatVector.fromArray(SPECIES, u, at + 29 * place));
            var h5 = p5.fma(gppp, q5.fma(gqqq, FloatVector.fromArray(SPECIES, u, at + 35 * place)));
            var pSum = h1.add(h2);
            var pDifference = h1.sub(h2);
            var qSum = h3.add(h4);
            var qDifference = h3.sub(h4);
            h0.fma(g0, pSum.fma(gp, qSum.fma(gq, FloatVector.fromArray(SPECIES, w, out + 6 * weight))))
                    .intoArray(w, out + 6 * weight);
            pDifference
                    .fma(gpp, qDifference.fma(gqq, FloatVector.fromArray(SPECIES, w, out + 7 * weight)))
                    .intoArray(w, out + 7 * weight);
            pSum.fma(gppp, qSum.fma(gqqq, h5.add(FloatVector.fromArray(SPECIES, w, out + 8 * weight))))
                    .intoArray(w, out + 8 * weight);
        }
    }
}
