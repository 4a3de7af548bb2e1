package org.resnet4j.kernel.plain;

import org.resnet4j.kernel.BFloat16Pairs;
import org.resnet4j.kernel.ConversionKernel;

/** Conversion number by number. */
final class ScalarConversion implements ConversionKernel {
    @Override
    public void toFloats(float[] pairs, int from, float[] floats, int to, int count) {
        for (int i = 0; i < count; i++) {
            floats[to + i] = BFloat16Pairs.get(pairs, from + i);
        }
    }

    @Override
    public void ofFloats(float[] floats, int from, float[] pairs, int to, int count) {
        for (int i = 0; i < count; i++) {
            BFloat16Pairs.set(pairs, to + i, floats[from + i]);
        }
    }
}
