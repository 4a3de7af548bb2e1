package org.resnet4j.kernel.machine;

import org.resnet4j.kernel.BFloat16Weights;
import org.resnet4j.machine.x64.Memory;
import org.resnet4j.machine.x64.Register;
import org.resnet4j.machine.x64.Vector;

/** The writer of the code for bfloat16: {@code vdpbf16ps} adds the products of two numbers to each sum. */
final class BFloat16Code extends PixelCode {
    private static final Vector NUMBERS = FIRST_FREE;
    private static final Vector LEAST = FOURTH_FREE;

    /** The bytes of a vector of results. */
    private static final int HALF_BYTES = LANES * Short.BYTES;

    /** The position of the least result, behind the bias of the channels. */
    private static final int LEAST_AT = MOST_VECTORS * LANES;

    /** The constants of a panel. */
    static final int CONSTANTS = LEAST_AT + LANES;

    private BFloat16Code(int vectors, Kind kind) {
        super(vectors, kind);
    }

    /**
     * Returns the code for panels of a number of vectors.
     *
     * @param vectors from 1 to {@link #MOST_VECTORS}
     */
    static byte[] write(int vectors, Kind kind) {
        return new BFloat16Code(vectors, kind).write();
    }

    /** Returns the constants of all panels, one after the other. */
    static float[] constants(PixelPanels panels, BFloat16Weights weights) {
        var constants = new float[panels.list().size() * CONSTANTS];
        for (PixelPanels.Panel panel : panels.list()) {
            int at = panel.index() * CONSTANTS;
            System.arraycopy(weights.bias(), panel.firstOutput(), constants, at, panel.outputs());
            constants[at + LEAST_AT] = weights.activation().isRelu() ? 0 : Float.NEGATIVE_INFINITY;
        }
        return constants;
    }

    @Override
    void load() {
        code.vpbroadcastd(LEAST, constant(LEAST_AT));
    }

    @Override
    void multiply(Vector sum, Vector row, Vector weights) {
        code.vdpbf16ps(sum, row, weights);
    }

    @Override
    void beforeResults() {
        for (int vector = 0; vector < vectors; vector++) {
            code.vmovups(weights(vector), constant(vector * LANES));
        }
    }

    @Override
    void store(Vector sum, int vector, Register residual, Register output) {
        boolean isLast = isLast(vector);
        code.vaddps(sum, sum, weights(vector));
        if (kind == Kind.ADDED) {
            addBFloats(sum, Memory.at(residual, vector * HALF_BYTES), isLast, NUMBERS);
        }
        code.vmaxps(sum, LEAST, sum);
        if (kind == Kind.FLOATS) {
            Memory floats = Memory.at(output, vector * VECTOR_BYTES);
            code.vmovups(isLast ? floats.masked(LAST) : floats, sum);
            return;
        }
        storeBFloats(Memory.at(output, vector * HALF_BYTES), sum, isLast);
    }
}
