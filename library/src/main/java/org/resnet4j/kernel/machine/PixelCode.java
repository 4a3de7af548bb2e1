package org.resnet4j.kernel.machine;

import static org.resnet4j.machine.x64.Register.R8;
import static org.resnet4j.machine.x64.Register.R9;
import static org.resnet4j.machine.x64.Register.RAX;
import static org.resnet4j.machine.x64.Register.RCX;
import static org.resnet4j.machine.x64.Register.RDI;
import static org.resnet4j.machine.x64.Register.RDX;
import static org.resnet4j.machine.x64.Register.RSI;
import static org.resnet4j.machine.x64.Vector.zmm;

import org.resnet4j.machine.x64.Label;
import org.resnet4j.machine.x64.Memory;
import org.resnet4j.machine.x64.Register;
import org.resnet4j.machine.x64.Vector;

/**
 * The writer of the code for convolutions of padded images. A row is the window of a pixel: a number of rows of segments
 * of adjacent elements. A step takes four bytes of each pixel, copies them to all lanes, and adds their products with the
 * weights of each output channel. {@link PixelCall} passes the arguments.
 */
abstract class PixelCode extends TileCode {
    /** The integers of a pixel in the table: where its input, its output and its residual are. */
    static final int TABLE_INTS = 3;

    /** What becomes of the sums. */
    enum Kind {
        /** They are converted to the number format of the input. */
        CONVERTED,
        /** Residual numbers are added before or after. */
        ADDED,
        /** They become floats. */
        FLOATS
    }

    private static final Register INPUT = RDI;
    private static final Register WEIGHTS = RSI;
    private static final Register OUTPUT = RDX;
    private static final Register RESIDUAL = RCX;
    private static final Register TABLE = R8;
    private static final Register CONSTANTS = R9;

    private static final Memory WINDOW_ROWS = argument(1);
    private static final Memory SEGMENTS = argument(2);
    private static final Memory SEGMENT_BYTES = argument(3);
    private static final Memory SEGMENT_STRIDE = argument(4);
    private static final Memory ROW_STRIDE = argument(5);
    private static final Memory LAST_LANES = argument(6);

    /** The rest of the rows of the window; it lies where no argument is needed any more. */
    private static final Memory WINDOW_ROW = LAST_LANES;

    /** Registers for the end of a tile. The first two hold rows before. */
    static final Vector FIRST_FREE = zmm(28);

    static final Vector SECOND_FREE = zmm(29);
    static final Vector THIRD_FREE = zmm(30);
    static final Vector FOURTH_FREE = zmm(31);

    final Kind kind;

    PixelCode(int vectors, Kind kind) {
        super(vectors, ROWS);
        this.kind = kind;
    }

    /** Returns the place of a constant of the panel: a number of 32 bits. */
    static Memory constant(int position) {
        return Memory.at(CONSTANTS, position * Float.BYTES);
    }

    /** Loads the constants that all tiles use. */
    abstract void load();

    /** Loads the constants for the end of a tile. */
    abstract void beforeResults();

    /**
     * Converts and stores a vector of sums.
     *
     * @param residual the register with the address of the residual's first channel
     * @param output the register with the address of the output's first channel
     */
    abstract void store(Vector sum, int vector, Register residual, Register output);

    @Override
    final void begin() {
        load();
        code.mov(RAX, LAST_LANES);
        code.kmovw(LAST, RAX);
    }

    @Override
    final void advance() {
        code.add(TABLE, ROWS * TABLE_INTS * Integer.BYTES);
    }

    private static Memory table(int pixel, int entry) {
        return Memory.at(TABLE, (pixel * TABLE_INTS + entry) * Integer.BYTES);
    }

    @Override
    final void tile(int pixels) {
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
        beforeResults();
        for (int pixel = 0; pixel < pixels; pixel++) {
            code.movsxd(RAX, table(pixel, 1));
            code.add(RAX, OUTPUT);
            if (kind == Kind.ADDED) {
                code.movsxd(WEIGHT, table(pixel, 2));
                code.add(WEIGHT, RESIDUAL);
            }
            for (int vector = 0; vector < vectors; vector++) {
                store(sum(pixel, vector), vector, WEIGHT, RAX);
            }
        }
    }
}
