package org.resnet4j.kernel.machine;

import java.util.Arrays;
import org.resnet4j.kernel.Int8Epilogue;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.machine.x64.Memory;
import org.resnet4j.machine.x64.Register;
import org.resnet4j.machine.x64.Vector;

/** The writer of the code for bytes: {@code vpdpbusd} adds the products of four bytes to each sum. */
final class Int8Code extends PixelCode {
    private static final Vector BYTES = FIRST_FREE;
    private static final Vector SUM_FACTOR = SECOND_FREE;
    private static final Vector RESIDUAL_FACTOR = THIRD_FREE;
    private static final Vector LEAST = FOURTH_FREE;

    /** The positions of the constants of a panel: factors and offsets of its channels, then vectors of equal lanes. */
    private static final int OFFSETS = MOST_VECTORS * LANES;

    private static final int SUM_OFFSETS = OFFSETS + MOST_VECTORS * LANES;
    private static final int ZEROS = SUM_OFFSETS + LANES;
    private static final int LARGEST = ZEROS + LANES;

    /** The positions of single numbers. */
    private static final int LOWEST = LARGEST + LANES;

    private static final int SUM_FACTOR_AT = LOWEST + 1;
    private static final int RESIDUAL_FACTOR_AT = LOWEST + 2;

    /** The constants of a panel. */
    static final int CONSTANTS = LOWEST + LANES;

    private Int8Code(int vectors, Kind kind) {
        super(vectors, kind);
    }

    /**
     * Returns the code for panels of a number of vectors.
     *
     * @param vectors from 1 to {@link #MOST_VECTORS}
     */
    static byte[] write(int vectors, Kind kind) {
        return new Int8Code(vectors, kind).write();
    }

    /** Returns the constants of all panels, one after the other. */
    static float[] constants(PixelPanels panels, Int8Epilogue epilogue) {
        var constants = new float[panels.list().size() * CONSTANTS];
        for (PixelPanels.Panel panel : panels.list()) {
            write(epilogue, panel.firstOutput(), panel.outputs(), constants, panel.index() * CONSTANTS);
        }
        return constants;
    }

    private static void write(Int8Epilogue epilogue, int channel, int channels, float[] to, int at) {
        System.arraycopy(epilogue.rescaling().factors(), channel, to, at, channels);
        System.arraycopy(epilogue.rescaling().offsets(), channel, to, at + OFFSETS, channels);
        Int8Rescaling last = epilogue.rescaling();
        if (epilogue.sum() != null) {
            last = epilogue.sum();
            Arrays.fill(to, at + SUM_OFFSETS, at + SUM_OFFSETS + LANES, last.offsets()[0]);
            Arrays.fill(to, at + LARGEST, at + LARGEST + LANES, Float.intBitsToFloat(Int8Rescaling.HIGHEST));
            to[at + SUM_FACTOR_AT] = last.factors()[0];
            to[at + RESIDUAL_FACTOR_AT] = last.residualFactor();
        }
        to[at + LOWEST] = Float.intBitsToFloat(last.lowest());
    }

    @Override
    void load() {
        code.vpbroadcastd(RESIDUAL_FACTOR, constant(RESIDUAL_FACTOR_AT));
        code.vpbroadcastd(LEAST, constant(LOWEST));
    }

    @Override
    void multiply(Vector sum, Vector row, Vector weights) {
        code.vpdpbusd(sum, row, weights);
    }

    @Override
    void beforeResults() {
        for (int vector = 0; vector < vectors; vector++) {
            code.vmovups(weights(vector), constant(vector * LANES));
        }
        if (kind == Kind.ADDED) {
            code.vpbroadcastd(SUM_FACTOR, constant(SUM_FACTOR_AT));
        }
    }

    @Override
    void store(Vector sum, int vector, Register residual, Register output) {
        boolean isLast = isLast(vector);
        code.vcvtdq2ps(sum, sum);
        code.vfmadd213ps(sum, weights(vector), constant(OFFSETS + vector * LANES));
        if (kind == Kind.FLOATS) {
            Memory floats = Memory.at(output, vector * VECTOR_BYTES);
            code.vmovups(isLast ? floats.masked(LAST) : floats, sum);
            return;
        }
        code.vcvtps2dq(sum, sum);
        if (kind == Kind.ADDED) {
            code.vpmaxsd(sum, sum, constant(ZEROS));
            code.vpminsd(sum, sum, constant(LARGEST));
            code.vcvtdq2ps(sum, sum);
            code.vfmadd213ps(sum, SUM_FACTOR, constant(SUM_OFFSETS));
            Memory bytes = Memory.at(residual, vector * LANES);
            code.vpmovzxbd(isLast ? BYTES.zeroed(LAST) : BYTES, bytes);
            code.vcvtdq2ps(BYTES, BYTES);
            code.vfmadd231ps(sum, BYTES, RESIDUAL_FACTOR);
            code.vcvtps2dq(sum, sum);
        }
        code.vpmaxsd(sum, sum, LEAST);
        Memory bytes = Memory.at(output, vector * LANES);
        code.vpmovusdb(isLast ? bytes.masked(LAST) : bytes, sum);
    }
}
