package org.resnet4j.kernel.machine;

import static org.resnet4j.machine.x64.Register.R10;
import static org.resnet4j.machine.x64.Register.R11;
import static org.resnet4j.machine.x64.Register.R12;
import static org.resnet4j.machine.x64.Register.R13;
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
 * The writer of the code for outer products. A tile is some elements of a pixel's input by up to four vectors of its
 * gradient. Its sums, up to 24, stay in registers while the code walks over the pixels; a step copies one element of the input to
 * all lanes, and adds its products with the gradient. {@link OuterCall} passes the arguments.
 *
 * <p>Each sum is computed in the order of the pixels, with one rounding for each product, as in the tiles on the Vector
 * API, so the bits are equal.
 */
final class OuterCode extends TileCode {
    private static final Register INPUT = RDI;
    private static final Register STARTS = RSI;
    private static final Register GRADIENTS = RDX;
    private static final Register RESULTS = RCX;
    private static final Register GRADIENT_STRIDE = R8;
    private static final Register RESULT_STRIDE = R9;

    private static final Memory PIXELS = argument(1);
    private static final Memory LAST_LANES = argument(2);

    private static final Register PIXEL = R10;
    private static final Register START = R11;
    private static final Register GRADIENT = R12;
    private static final Register RESULT = R13;
    private static final Vector BEFORE = zmm(28);

    /** The first number of a sum. */
    enum Kind {
        /** The sum continues what is there. */
        CONTINUE,
        /** The sum begins at zero, and is added to what is there. */
        ASIDE
    }

    private final ProductFormat format;
    private final Kind kind;

    private OuterCode(int vectors, ProductFormat format, Kind kind) {
        super(vectors, rows(vectors));
        this.format = format;
        this.kind = kind;
    }

    /** Returns the code for panels of 1, 2 or 4 vectors. */
    static byte[] write(int vectors, ProductFormat format, Kind kind) {
        return new OuterCode(vectors, format, kind).write();
    }

    @Override
    void begin() {
        code.mov(RAX, LAST_LANES);
        code.kmovw(LAST, RAX);
    }

    @Override
    void advance() {
        code.add(INPUT, mostRows * STEP_BYTES);
        code.mov(RESULTS, RESULT);
    }

    @Override
    void multiply(Vector sum, Vector row, Vector gradient) {
        format.multiply(code, sum, row, gradient);
    }

    @Override
    void tile(int rows) {
        start(rows);
        code.mov(PIXEL, PIXELS);
        code.mov(START, STARTS);
        code.mov(GRADIENT, GRADIENTS);
        var next = new Label();
        code.bind(next);
        code.movsxd(RAX, Memory.at(START));
        code.lea(RAX, Memory.at(INPUT, RAX, STEP_BYTES));
        for (int vector = 0; vector < vectors; vector++) {
            code.vmovups(weights(vector), Memory.at(GRADIENT, vector * VECTOR_BYTES));
        }
        for (int row = 0; row < rows; row++) {
            multiply(row, Memory.at(RAX, row * STEP_BYTES));
        }
        code.add(START, Integer.BYTES);
        code.add(GRADIENT, GRADIENT_STRIDE);
        code.dec(PIXEL);
        code.jne(next);
        finish(rows);
    }

    /** Sets the initial sums. */
    private void start(int rows) {
        code.mov(RESULT, RESULTS);
        for (int row = 0; row < rows; row++) {
            for (int vector = 0; vector < vectors; vector++) {
                Vector sum = sum(row, vector);
                switch (kind) {
                    case CONTINUE -> load(sum, vector);
                    case ASIDE -> code.vpxord(sum, sum, sum);
                }
            }
            code.add(RESULT, RESULT_STRIDE);
        }
    }

    /** Stores the sums. Then the position is that of the next tile. */
    private void finish(int rows) {
        code.mov(RESULT, RESULTS);
        for (int row = 0; row < rows; row++) {
            for (int vector = 0; vector < vectors; vector++) {
                Vector sum = sum(row, vector);
                if (kind == Kind.ASIDE) {
                    load(BEFORE, vector);
                    code.vaddps(sum, BEFORE, sum);
                }
                Memory result = Memory.at(RESULT, vector * VECTOR_BYTES);
                code.vmovups(isLast(vector) ? result.masked(LAST) : result, sum);
            }
            code.add(RESULT, RESULT_STRIDE);
        }
    }

    private void load(Vector to, int vector) {
        code.vmovups(isLast(vector) ? to.zeroed(LAST) : to, Memory.at(RESULT, vector * VECTOR_BYTES));
    }
}
