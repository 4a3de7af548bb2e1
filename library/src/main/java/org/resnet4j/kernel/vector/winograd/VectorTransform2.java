package org.resnet4j.kernel.vector.winograd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of F(2x2, 3x3) (Lavin and Gray, 2016): 16 multiply-adds for each four outputs and pair of channels where
 * the definition takes 36. The matrices
 *
 * <pre>
 *        | 1  0 -1  0 |         | 1    0    0  |         | 1  1  1  0 |
 *   Bᵀ = | 0  1  1  0 |    G =  | 1/2  1/2 1/2 |    Aᵀ = | 0  1 -1 -1 |
 *        | 0 -1  1  0 |         | 1/2 -1/2 1/2 |
 *        | 0  1  0 -1 |         | 0    0    1  |
 * </pre>
 *
 * <p>hold only 0, ±1 and 1/2, so the error stays near that of the definition.
 */
public final class VectorTransform2 implements WinogradTransform {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** What is added where nothing is. */
    private static final float[] ZEROS = new float[LANES];

    private static final double[][] G = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};

    @Override
    public String algorithm() {
        return "winograd 2x2";
    }

    @Override
    public int outputs() {
        return 2;
    }

    @Override
    public double[][] weightMatrix() {
        return G;
    }

    @Override
    public int[] leastOutputs() {
        return new int[] {1, 1, 1, 2};
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
            int at = to + i * targetStep;
            var x10 = FloatVector.fromArray(SPECIES, x, r1);
            var x11 = FloatVector.fromArray(SPECIES, x, r1 + pixel);
            var x12 = FloatVector.fromArray(SPECIES, x, r1 + 2 * pixel);
            var x13 = FloatVector.fromArray(SPECIES, x, r1 + 3 * pixel);
            var x20 = FloatVector.fromArray(SPECIES, x, r2);
            var x21 = FloatVector.fromArray(SPECIES, x, r2 + pixel);
            var x22 = FloatVector.fromArray(SPECIES, x, r2 + 2 * pixel);
            var x23 = FloatVector.fromArray(SPECIES, x, r2 + 3 * pixel);
            var a0 = FloatVector.fromArray(SPECIES, x, r0).sub(x20);
            var a1 = FloatVector.fromArray(SPECIES, x, r0 + pixel).sub(x21);
            var a2 = FloatVector.fromArray(SPECIES, x, r0 + 2 * pixel).sub(x22);
            var a3 = FloatVector.fromArray(SPECIES, x, r0 + 3 * pixel).sub(x23);
            a0.sub(a2).intoArray(target, at);
            a1.add(a2).intoArray(target, at + place);
            a2.sub(a1).intoArray(target, at + 2 * place);
            a1.sub(a3).intoArray(target, at + 3 * place);
            var b0 = x10.add(x20);
            var b1 = x11.add(x21);
            var b2 = x12.add(x22);
            var b3 = x13.add(x23);
            b0.sub(b2).intoArray(target, at + 4 * place);
            b1.add(b2).intoArray(target, at + 5 * place);
            b2.sub(b1).intoArray(target, at + 6 * place);
            b1.sub(b3).intoArray(target, at + 7 * place);
            var c0 = x20.sub(x10);
            var c1 = x21.sub(x11);
            var c2 = x22.sub(x12);
            var c3 = x23.sub(x13);
            c0.sub(c2).intoArray(target, at + 8 * place);
            c1.add(c2).intoArray(target, at + 9 * place);
            c2.sub(c1).intoArray(target, at + 10 * place);
            c1.sub(c3).intoArray(target, at + 11 * place);
            var d0 = x10.sub(FloatVector.fromArray(SPECIES, x, r3));
            var d1 = x11.sub(FloatVector.fromArray(SPECIES, x, r3 + pixel));
            var d2 = x12.sub(FloatVector.fromArray(SPECIES, x, r3 + 2 * pixel));
            var d3 = x13.sub(FloatVector.fromArray(SPECIES, x, r3 + 3 * pixel));
            d0.sub(d2).intoArray(target, at + 12 * place);
            d1.add(d2).intoArray(target, at + 13 * place);
            d2.sub(d1).intoArray(target, at + 14 * place);
            d1.sub(d3).intoArray(target, at + 15 * place);
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
            var p0 = FloatVector.fromArray(SPECIES, m, at + 4 * place);
            var q0 = FloatVector.fromArray(SPECIES, m, at + 8 * place);
            var t0 = FloatVector.fromArray(SPECIES, m, at).add(p0).add(q0);
            var d0 = p0.sub(q0).sub(FloatVector.fromArray(SPECIES, m, at + 12 * place));
            var p1 = FloatVector.fromArray(SPECIES, m, at + 5 * place);
            var q1 = FloatVector.fromArray(SPECIES, m, at + 9 * place);
            var t1 = FloatVector.fromArray(SPECIES, m, at + place).add(p1).add(q1);
            var d1 = p1.sub(q1).sub(FloatVector.fromArray(SPECIES, m, at + 13 * place));
            var p2 = FloatVector.fromArray(SPECIES, m, at + 6 * place);
            var q2 = FloatVector.fromArray(SPECIES, m, at + 10 * place);
            var t2 = FloatVector.fromArray(SPECIES, m, at + 2 * place).add(p2).add(q2);
            var d2 = p2.sub(q2).sub(FloatVector.fromArray(SPECIES, m, at + 14 * place));
            var p3 = FloatVector.fromArray(SPECIES, m, at + 7 * place);
            var q3 = FloatVector.fromArray(SPECIES, m, at + 11 * place);
            var t3 = FloatVector.fromArray(SPECIES, m, at + 3 * place).add(p3).add(q3);
            var d3 = p3.sub(q3).sub(FloatVector.fromArray(SPECIES, m, at + 15 * place));
            var y00 = t0.add(t1).add(t2.add(b)).add(FloatVector.fromArray(SPECIES, added, a0));
            var y01 = t1.sub(t2).sub(t3.sub(b)).add(FloatVector.fromArray(SPECIES, added, a0 + addedPixel));
            var y10 = d0.add(d1).add(d2.add(b)).add(FloatVector.fromArray(SPECIES, added, a1));
            var y11 = d1.sub(d2).sub(d3.sub(b)).add(FloatVector.fromArray(SPECIES, added, a1 + addedPixel));
            y00.blend(floor, y00.lt(floor)).intoArray(y, w0);
            y01.blend(floor, y01.lt(floor)).intoArray(y, w0 + pixel);
            y10.blend(floor, y10.lt(floor)).intoArray(y, w1);
            y11.blend(floor, y11.lt(floor)).intoArray(y, w1 + pixel);
        }
    }
}
