package org.resnet4j.kernel.machine;

import static org.resnet4j.machine.x64.Register.R8;
import static org.resnet4j.machine.x64.Register.R9;
import static org.resnet4j.machine.x64.Register.RAX;
import static org.resnet4j.machine.x64.Register.RCX;
import static org.resnet4j.machine.x64.Register.RDI;
import static org.resnet4j.machine.x64.Register.RDX;
import static org.resnet4j.machine.x64.Register.RSI;
import static org.resnet4j.machine.x64.Vector.xmm;
import static org.resnet4j.machine.x64.Vector.zmm;

import org.resnet4j.kernel.machine.FloatProduct.Kind;
import org.resnet4j.machine.x64.Label;
import org.resnet4j.machine.x64.Memory;
import org.resnet4j.machine.x64.Register;
import org.resnet4j.machine.x64.Vector;

/**
 * The writer of the code for floats. A row is a number of runs of adjacent floats; a step copies one float of each row to
 * all lanes, and adds its products with a row of the panel.
 *
 * <p>Each sum is computed in the order of the row, with one rounding for each product, as in the tiles on the Vector API,
 * so the bits are equal. {@link FloatProduct} passes the arguments.
 */
final class ProductCode extends TileCode {
    private static final Register INPUT = RDI;
    private static final Register WEIGHTS = RSI;
    private static final Register OUTPUT = RDX;
    private static final Register STARTS = RCX;
    private static final Register RESULTS = R8;
    private static final Register BIAS = R9;

    private static final Memory RUNS = argument(1);
    private static final Memory RUN_BYTES = argument(2);
    private static final Memory RUN_STRIDE = argument(3);
    private static final Memory LAST_LANES = argument(4);

    private static final Vector ADDED = zmm(28);
    private static final Vector LEAST = zmm(31);

    private final Kind kind;

    private ProductCode(int vectors, Kind kind) {
        super(vectors);
        this.kind = kind;
    }

    /**
     * Returns the code for panels of a number of vectors.
     *
     * @param vectors from 1 to {@link #MOST_VECTORS}
     */
    static byte[] write(int vectors, Kind kind) {
        return new ProductCode(vectors, kind).write();
    }

    @Override
    void begin() {
        code.vbroadcastss(LEAST, xmm(0));
        code.mov(RAX, LAST_LANES);
        code.kmovw(LAST, RAX);
    }

    @Override
    void advance() {
        code.add(STARTS, ROWS * Integer.BYTES);
        code.add(RESULTS, ROWS * Integer.BYTES);
    }

    @Override
    void multiply(Vector sum, Vector row, Vector weights) {
        code.vfmadd231ps(sum, row, weights);
    }

    @Override
    void tile(int rows) {
        for (int row = 0; row < rows; row++) {
            Register at = ROW.get(row);
            code.movsxd(at, Memory.at(STARTS, row * Integer.BYTES));
            code.lea(at, Memory.at(INPUT, at, Float.BYTES));
            start(row);
        }
        code.mov(WEIGHT, WEIGHTS);
        code.mov(RUN, RUNS);
        var run = new Label();
        code.bind(run);
        run(rows, RUN_BYTES);
        move(rows, RUN_STRIDE);
        code.dec(RUN);
        code.jne(run);
        if (kind.hasBias()) {
            for (int vector = 0; vector < vectors; vector++) {
                code.vmovups(weights(vector), Memory.at(BIAS, vector * VECTOR_BYTES));
            }
        }
        for (int row = 0; row < rows; row++) {
            finish(row);
        }
    }

    /** Loads the address of a row's results. */
    private void result(Register to, int row) {
        code.movsxd(to, Memory.at(RESULTS, row * Integer.BYTES));
        code.lea(to, Memory.at(OUTPUT, to, Float.BYTES));
    }

    /** Sets the initial sums of a row. */
    private void start(int row) {
        if (kind == Kind.ADD) {
            result(RAX, row);
        }
        for (int vector = 0; vector < vectors; vector++) {
            Vector sum = sum(row, vector);
            if (kind == Kind.ADD) {
                code.vmovups(isLast(vector) ? sum.zeroed(LAST) : sum, Memory.at(RAX, vector * VECTOR_BYTES));
            } else {
                code.vpxord(sum, sum, sum);
            }
        }
    }

    /** Stores the results of a row. */
    private void finish(int row) {
        result(RAX, row);
        for (int vector = 0; vector < vectors; vector++) {
            Vector sum = sum(row, vector);
            Memory result = Memory.at(RAX, vector * VECTOR_BYTES);
            if (kind.hasBias()) {
                code.vaddps(sum, sum, weights(vector));
                if (kind == Kind.BIAS_AND_ADD) {
                    code.vmovups(isLast(vector) ? ADDED.zeroed(LAST) : ADDED, result);
                    code.vaddps(sum, sum, ADDED);
                }
                code.vmaxps(sum, LEAST, sum);
            }
            code.vmovups(isLast(vector) ? result.masked(LAST) : result, sum);
        }
    }
}
