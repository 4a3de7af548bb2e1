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
            var t0 = sum(m, at, place);
            var t1 = sum(m, at + place, place);
            var t2 = sum(m, at + 2 * place, place);
            var t3 = sum(m, at + 3 * place, place);
            var y00 = t0.add(t1).add(t2.add(b)).add(FloatVector.fromArray(SPECIES, added, a0));
            var y01 = t1.sub(t2).sub(t3.sub(b)).add(FloatVector.fromArray(SPECIES, added, a0 + addedPixel));
            var d0 = difference(m, at, place);
            var d1 = difference(m, at + place, place);
            var d2 = difference(m, at + 2 * place, place);
            var d3 = difference(m, at + 3 * place, place);
            var y10 = d0.add(d1).add(d2.add(b)).add(FloatVector.fromArray(SPECIES, added, a1));
            var y11 = d1.sub(d2).sub(d3.sub(b)).add(FloatVector.fromArray(SPECIES, added, a1 + addedPixel));
            y00.blend(floor, y00.lt(floor)).intoArray(y, w0);
            y01.blend(floor, y01.lt(floor)).intoArray(y, w0 + pixel);
            y10.blend(floor, y10.lt(floor)).intoArray(y, w1);
            y11.blend(floor, y11.lt(floor)).intoArray(y, w1 + pixel);
        }
    }

    /** The first row of Aᵀ times a column of m. */
    private static FloatVector sum(float[] m, int at, int place) {
        return FloatVector.fromArray(SPECIES, m, at)
                .add(FloatVector.fromArray(SPECIES, m, at + 4 * place))
                .add(FloatVector.fromArray(SPECIES, m, at + 8 * place));
    }

    /** The second row of Aᵀ times a column of m. */
    private static FloatVector difference(float[] m, int at, int place) {
        return FloatVector.fromArray(SPECIES, m, at + 4 * place)
                .sub(FloatVector.fromArray(SPECIES, m, at + 8 * place))
                .sub(FloatVector.fromArray(SPECIES, m, at + 12 * place));
    }
}
