package org.resnet4j.kernel.vector.product;

import jdk.incubator.vector.FloatVector;
import org.resnet4j.kernel.FusedMultiplyAdd;

/** Multiply-adds of vectors. */
public final class VectorFma {
    private VectorFma() {}

    /**
     * Returns {@code a·b + c}, rounded once, or twice on processors without an instruction for it
     * ({@link FusedMultiplyAdd#IS_INSTRUCTION}).
     */
    public static FloatVector fma(FloatVector a, FloatVector b, FloatVector c) {
        return FusedMultiplyAdd.IS_INSTRUCTION ? a.fma(b, c) : a.mul(b).add(c);
    }
}
