package org.resnet4j.kernel.machine;

import static org.resnet4j.machine.x64.Register.R8;
import static org.resnet4j.machine.x64.Register.R9;
import static org.resnet4j.machine.x64.Register.RAX;
import static org.resnet4j.machine.x64.Register.RCX;
import static org.resnet4j.machine.x64.Register.RDI;
import static org.resnet4j.machine.x64.Register.RDX;
import static org.resnet4j.machine.x64.Register.RSI;
import static org.resnet4j.machine.x64.Vector.zmm;

import java.util.Arrays;
import org.resnet4j.kernel.Int8Epilogue;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.machine.x64.Label;
import org.resnet4j.machine.x64.Memory;
import org.resnet4j.machine.x64.Register;
import org.resnet4j.machine.x64.Vector;

/**
 * The writer of the code for bytes. A row is the window of a pixel: a number of rows of segments of adjacent bytes. A
 * step takes four bytes of each pixel, copies them to all lanes, and {@code vpdpbusd} adds their products with four
 * weights of each output channel. {@link Int8Call} passes the arguments.
 */
final class Int8Code extends TileCode {
    /** The integers of a pixel in the table: where its input, its output and its residual are. */
    static final int TABLE_INTS = 3;

    private static final Register INPUT = RDI;
    private static final Register WEIGHTS = RSI;
    private static final Register OUTPUT = RDX;
    private static final Register RESIDUAL = RCX;
    private static final Register TABLE = R8;
    private static final Register CONSTANTS_AT = R9;

    private static final Memory WINDOW_ROWS = argument(1);
    private static final Memory SEGMENTS = argument(2);
    private static final Memory SEGMENT_BYTES = argument(3);
    private static final Memory SEGMENT_STRIDE = argument(4);
    private static final Memory ROW_STRIDE = argument(5);
    private static final Memory LAST_LANES = argument(6);

    /** The rest of the rows of the window; it lies where no argument is needed any more. */
    private static final Memory WINDOW_ROW = LAST_LANES;

    private static final Vector BYTES = zmm(28);
    private static final Vector SUM_FACTOR = zmm(29);
    private static final Vector RESIDUAL_FACTOR = zmm(30);
    private static final Vector LEAST = zmm(31);

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

    private final boolean hasResidual;
    private final boolean toFloats;

    private Int8Code(int vectors, boolean hasResidual, boolean toFloats) {
        super(vectors);
        this.hasResidual = hasResidual;
        this.toFloats = toFloats;
    }

    /**
     * Returns the code for panels of a number of vectors.
     *
     * @param vectors from 1 to {@link #MOST_VECTORS}
     * @param hasResidual true if residual bytes are added
     * @param toFloats true if the results are floats, false if they are bytes
     */
    static byte[] write(int vectors, boolean hasResidual, boolean toFloats) {
        return new Int8Code(vectors, hasResidual, toFloats).write();
    }

    /**
     * Writes the constants of a panel.
     *
     * @param channel the first output channel
     * @param channels the number of output channels
     * @param to the array for the constants
     * @param at their position
     */
    static void write(Int8Epilogue epilogue, int channel, int channels, float[] to, int at) {
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

    /** Returns the place of a constant of the panel. */
    private static Memory constant(int position) {
        return Memory.at(CONSTANTS_AT, position * Float.BYTES);
    }

    @Override
    void begin() {
        code.vpbroadcastd(RESIDUAL_FACTOR, constant(RESIDUAL_FACTOR_AT));
        code.vpbroadcastd(LEAST, constant(LOWEST));
        code.mov(RAX, LAST_LANES);
        code.kmovw(LAST, RAX);
    }

    @Override
    void advance() {
        code.add(TABLE, ROWS * TABLE_INTS * Integer.BYTES);
    }

    @Override
    void multiply(Vector sum, Vector row, Vector weights) {
        code.vpdpbusd(sum, row, weights);
    }

    private Memory table(int pixel, int entry) {
        return Memory.at(TABLE, (pixel * TABLE_INTS + entry) * Integer.BYTES);
    }

    @Override
    void tile(int pixels) {
        for (int pixel = 0; pixel < pixels; pixel++) {
            code.movsxd(ROW.get(pixel), table(pixel, 0));
            code.add(ROW.get(pixel), INPUT);
            for (int vector = 0; vector < vectors; vector++) {
                Vector sum = sum(pixel, vector);
                code.vpxord(sum, sum, sum);
            }
        }
        code.mov(WEIGHT, WEIGHTS);
        code.mov(RAX, WINDOW_ROWS);
        var row = new Label();
        code.bind(row);
        code.mov(WINDOW_ROW, RAX);
        code.mov(RUN, SEGMENTS);
        var segment = new Label();
        code.bind(segment);
        run(pixels, SEGMENT_BYTES);
        move(pixels, SEGMENT_STRIDE);
        code.dec(RUN);
        code.jne(segment);
        move(pixels, ROW_STRIDE);
        code.mov(RAX, WINDOW_ROW);
        code.dec(RAX);
        code.jne(row);
        for (int vector = 0; vector < vectors; vector++) {
            code.vmovups(weights(vector), constant(vector * LANES));
        }
        if (hasResidual) {
            code.vpbroadcastd(SUM_FACTOR, constant(SUM_FACTOR_AT));
        }
        for (int pixel = 0; pixel < pixels; pixel++) {
            finish(pixel);
        }
    }

    /** Scales the sums of a pixel, and stores the results. */
    private void finish(int pixel) {
        code.movsxd(RAX, table(pixel, 1));
        code.add(RAX, OUTPUT);
        if (hasResidual) {
            code.movsxd(WEIGHT, table(pixel, 2));
            code.add(WEIGHT, RESIDUAL);
        }
        for (int vector = 0; vector < vectors; vector++) {
            boolean isLast = isLast(vector);
            Vector sum = sum(pixel, vector);
            code.vcvtdq2ps(sum, sum);
            code.vfmadd213ps(sum, weights(vector), constant(OFFSETS + vector * LANES));
            if (hasResidual) {
                code.vcvtps2dq(sum, sum);
                code.vpmaxsd(sum, sum, constant(ZEROS));
                code.vpminsd(sum, sum, constant(LARGEST));
                code.vcvtdq2ps(sum, sum);
                code.vfmadd213ps(sum, SUM_FACTOR, constant(SUM_OFFSETS));
                Memory bytes = Memory.at(WEIGHT, vector * LANES);
                code.vpmovzxbd(isLast ? BYTES.zeroed(LAST) : BYTES, bytes);
                code.vcvtdq2ps(BYTES, BYTES);
                code.vfmadd231ps(sum, BYTES, RESIDUAL_FACTOR);
            }
            if (toFloats) {
                Memory floats = Memory.at(RAX, vector * VECTOR_BYTES);
                code.vmovups(isLast ? floats.masked(LAST) : floats, sum);
            } else {
                code.vcvtps2dq(sum, sum);
                code.vpmaxsd(sum, sum, LEAST);
                Memory bytes = Memory.at(RAX, vector * LANES);
                code.vpmovusdb(isLast ? bytes.masked(LAST) : bytes, sum);
            }
        }
    }
}
