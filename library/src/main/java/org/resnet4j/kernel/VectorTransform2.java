package org.resnet4j.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The transforms of F(2x2, 3x3); the matrices are those of {@link VectorWinograd}. */
final class VectorTransform2 implements WinogradTransform {
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
    public void input(float[] x, int from, int rowFloats, int channels, float[] target, int to, int place) {
        VectorWinograd.transformInput(x, from, rowFloats, channels, target, to, place);
    }

    @Override
    public void output(
            float[] m,
            int from,
            int place,
            float[] y,
            int to,
            int rowFloats,
            int pixel,
            int channels,
            float[] bias,
            int biasAt,
            boolean add,
            float least) {
        var floor = FloatVector.broadcast(SPECIES, least);
        float[] added = add ? y : ZEROS;
        int addedRow = add ? rowFloats : 0;
        int addedPixel = add ? pixel : 0;
        for (int c = 0; c < channels; c += LANES) {
            int at = from + c;
            int w0 = to + c;
            int w1 = w0 + rowFloats;
            int a0 = add ? w0 : 0;
            int a1 = a0 + addedRow;
            var b = FloatVector.fromArray(SPECIES, bias, biasAt + c);
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
