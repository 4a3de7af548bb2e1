package org.resnet4j.kernel.vector;

import jdk.incubator.vector.FloatVector;
import org.resnet4j.kernel.BFloat16Pairs;
import org.resnet4j.kernel.ConversionKernel;

/** Conversion, one vector at a time. */
final class VectorConversion implements ConversionKernel {
    private static final int LANES = VectorPairs.LANES;

    @Override
    public void toFloats(float[] pairs, int from, float[] floats, int to, int count) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            VectorPairs.load(pairs, from + i).intoArray(floats, to + i);
        }
        for (; i < count; i++) {
            floats[to + i] = BFloat16Pairs.get(pairs, from + i);
        }
    }

    @Override
    public void ofFloats(float[] floats, int from, float[] pairs, int to, int count) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            VectorPairs.store(FloatVector.fromArray(VectorPairs.SPECIES, floats, from + i), pairs, to + i);
        }
        for (; i < count; i++) {
            BFloat16Pairs.set(pairs, to + i, floats[from + i]);
        }
    }
}
