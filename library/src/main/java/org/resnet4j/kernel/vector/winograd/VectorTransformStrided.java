package org.resnet4j.kernel.vector.winograd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of F(2x2, 3x3) with stride 2: 25 multiply-adds for each four outputs and pair of channels where the
 * definition takes 36.
 *
 * <p>In one dimension two outputs see five pixels, {@code y0 = w0·x0 + w1·x1 + w2·x2} and {@code y1 = w0·x2 + w1·x3 + w2·x4}.
 * The middle weight meets every second pixel, which nothing can shorten; what the outer weights do is a filter of two weights
 * on the pixels between them, and F(2, 2) computes that with three products:
 *
 * <pre>
 *        | 1  0 -1  0  0 |        | 1  0  0 |
 *        | 0  0  1  0  0 |        | 1  0  1 |         | 1  1  0  1  0 |
 *   Bᵀ = | 0  0  1  0 -1 |    G = | 0  0  1 |    Aᵀ = | 0  1 -1  0  1 |
 *        | 0  1  0  0  0 |        | 0  1  0 |
 *        | 0  0  0  1  0 |        | 0  1  0 |
 * </pre>
 *
 * <p>The last two rows of G are one: places that differ in nothing else share a matrix of weights.
 *
 * <p>Straight-line code, as in {@link VectorTransform4}: a method that takes vectors and was compiled alone before would not be
 * inlined, and then makes objects of them.
 */
public final class VectorTransformStrided implements WinogradTransform {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** What is added where nothing is. */
    private static final float[] ZEROS = new float[LANES];

    private static final double[][] G = {{1, 0, 0}, {1, 0, 1}, {0, 0, 1}, {0, 1, 0}};
    private static final int[] WEIGHT_ROWS = {0, 1, 2, 3, 3};

    @Override
    public String algorithm() {
        return "winograd 2x2";
    }

    @Override
    public int outputs() {
        return 2;
    }

    @Override
    public int stride() {
        return 2;
    }

    @Override
    public double[][] weightMatrix() {
        return G;
    }

    @Override
    public int[] weightRows() {
        return WEIGHT_ROWS.clone();
    }

    @Override
    public int[] leastOutputs() {
        return new int[] {1, 1, 2, 1, 2};
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
        for (int i = 0; i < count; i++) {
            int r0 = from + i * step;
            int r1 = r0 + rowFloats;
            int r2 = r1 + rowFloats;
            int r3 = r2 + rowFloats;
            int r4 = r3 + rowFloats;
            int at = to + i * targetStep;
            var m0 = FloatVector.fromArray(SPECIES, x, r2);
            var m1 = FloatVector.fromArray(SPECIES, x, r2 + pixel);
            var m2 = FloatVector.fromArray(SPECIES, x, r2 + 2 * pixel);
            var m3 = FloatVector.fromArray(SPECIES, x, r2 + 3 * pixel);
            var m4 = FloatVector.fromArray(SPECIES, x, r2 + 4 * pixel);
            m0.sub(m2).intoArray(target, at + 5 * place);
            m2.intoArray(target, at + 6 * place);
            m2.sub(m4).intoArray(target, at + 7 * place);
            m1.intoArray(target, at + 8 * place);
            m3.intoArray(target, at + 9 * place);
            var a0 = FloatVector.fromArray(SPECIES, x, r0).sub(m0);
            var a1 = FloatVector.fromArray(SPECIES, x, r0 + pixel).sub(m1);
            var a2 = FloatVector.fromArray(SPECIES, x, r0 + 2 * pixel).sub(m2);
            var a3 = FloatVector.fromArray(SPECIES, x, r0 + 3 * pixel).sub(m3);
            var a4 = FloatVector.fromArray(SPECIES, x, r0 + 4 * pixel).sub(m4);
            a0.sub(a2).intoArray(target, at);
            a2.intoArray(target, at + place);
            a2.sub(a4).intoArray(target, at + 2 * place);
            a1.intoArray(target, at + 3 * place);
            a3.intoArray(target, at + 4 * place);
            var b0 = m0.sub(FloatVector.fromArray(SPECIES, x, r4));
            var b1 = m1.sub(FloatVector.fromArray(SPECIES, x, r4 + pixel));
            var b2 = m2.sub(FloatVector.fromArray(SPECIES, x, r4 + 2 * pixel));
            var b3 = m3.sub(FloatVector.fromArray(SPECIES, x, r4 + 3 * pixel));
            var b4 = m4.sub(FloatVector.fromArray(SPECIES, x, r4 + 4 * pixel));
            b0.sub(b2).intoArray(target, at + 10 * place);
            b2.intoArray(target, at + 11 * place);
            b2.sub(b4).intoArray(target, at + 12 * place);
            b1.intoArray(target, at + 13 * place);
            b3.intoArray(target, at + 14 * place);
            var d0 = FloatVector.fromArray(SPECIES, x, r1);
            var d1 = FloatVector.fromArray(SPECIES, x, r1 + pixel);
            var d2 = FloatVector.fromArray(SPECIES, x, r1 + 2 * pixel);
            var d3 = FloatVector.fromArray(SPECIES, x, r1 + 3 * pixel);
            var d4 = FloatVector.fromArray(SPECIES, x, r1 + 4 * pixel);
            d0.sub(d2).intoArray(target, at + 15 * place);
            d2.intoArray(target, at + 16 * place);
            d2.sub(d4).intoArray(target, at + 17 * place);
            d1.intoArray(target, at + 18 * place);
            d3.intoArray(target, at + 19 * place);
            var e0 = FloatVector.fromArray(SPECIES, x, r3);
            var e1 = FloatVector.fromArray(SPECIES, x, r3 + pixel);
            var e2 = FloatVector.fromArray(SPECIES, x, r3 + 2 * pixel);
            var e3 = FloatVector.fromArray(SPECIES, x, r3 + 3 * pixel);
            var e4 = FloatVector.fromArray(SPECIES, x, r3 + 4 * pixel);
            e0.sub(e2).intoArray(target, at + 20 * place);
            e2.intoArray(target, at + 21 * place);
            e2.sub(e4).intoArray(target, at + 22 * place);
            e1.intoArray(target, at + 23 * place);
            e3.intoArray(target, at + 24 * place);
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
        var floor = FloatVector.broadcast(SPECIES, least);
        float[] added = add ? y : ZEROS;
        int addedRow = add ? rowFloats : 0;
        int addedPixel = add ? pixel : 0;
        for (int i = 0; i < count; i++) {
            int at = from + i * step;
            int w0 = to + i * targetStep;
            int w1 = w0 + rowFloats;
            int a0 = add ? w0 : 0;
            int a1 = a0 + addedRow;
            var b = FloatVector.fromArray(SPECIES, bias, biasAt + i * biasStep);
            var m0 = FloatVector.fromArray(SPECIES, m, at + 5 * place);
            var u0 = FloatVector.fromArray(SPECIES, m, at)
                    .add(m0)
                    .add(FloatVector.fromArray(SPECIES, m, at + 15 * place));
            var l0 = m0.sub(FloatVector.fromArray(SPECIES, m, at + 10 * place))
                    .add(FloatVector.fromArray(SPECIES, m, at + 20 * place));
            var m1 = FloatVector.fromArray(SPECIES, m, at + 6 * place);
            var u1 = FloatVector.fromArray(SPECIES, m, at + place)
                    .add(m1)
                    .add(FloatVector.fromArray(SPECIES, m, at + 16 * place));
            var l1 = m1.sub(FloatVector.fromArray(SPECIES, m, at + 11 * place))
                    .add(FloatVector.fromArray(SPECIES, m, at + 21 * place));
            var m2 = FloatVector.fromArray(SPECIES, m, at + 7 * place);
            var u2 = FloatVector.fromArray(SPECIES, m, at + 2 * place)
                    .add(m2)
                    .add(FloatVector.fromArray(SPECIES, m, at + 17 * place));
            var l2 = m2.sub(FloatVector.fromArray(SPECIES, m, at + 12 * place))
                    .add(FloatVector.fromArray(SPECIES, m, at + 22 * place));
            var m3 = FloatVector.fromArray(SPECIES, m, at + 8 * place);
            var u3 = FloatVector.fromArray(SPECIES, m, at + 3 * place)
                    .add(m3)
                    .add(FloatVector.fromArray(SPECIES, m, at + 18 * place));
            var l3 = m3.sub(FloatVector.fromArray(SPECIES, m, at + 13 * place))
                    .add(FloatVector.fromArray(SPECIES, m, at + 23 * place));
            var m4 = FloatVector.fromArray(SPECIES, m, at + 9 * place);
            var u4 = FloatVector.fromArray(SPECIES, m, at + 4 * place)
                    .add(m4)
                    .add(FloatVector.fromArray(SPECIES, m, at + 19 * place));
            var l4 = m4.sub(FloatVector.fromArray(SPECIES, m, at + 14 * place))
                    .add(FloatVector.fromArray(SPECIES, m, at + 24 * place));
            var y00 = u0.add(u1).add(u3.add(b)).add(FloatVector.fromArray(SPECIES, added, a0));
            var y01 = u1.sub(u2).add(u4.add(b)).add(FloatVector.fromArray(SPECIES, added, a0 + addedPixel));
            var y10 = l0.add(l1).add(l3.add(b)).add(FloatVector.fromArray(SPECIES, added, a1));
            var y11 = l1.sub(l2).add(l4.add(b)).add(FloatVector.fromArray(SPECIES, added, a1 + addedPixel));
            y00.blend(floor, y00.lt(floor)).intoArray(y, w0);
            y01.blend(floor, y01.lt(floor)).intoArray(y, w0 + pixel);
            y10.blend(floor, y10.lt(floor)).intoArray(y, w1);
            y11.blend(floor, y11.lt(floor)).intoArray(y, w1 + pixel);
        }
    }
}
