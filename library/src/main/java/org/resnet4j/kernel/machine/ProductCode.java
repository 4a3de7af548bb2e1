package org.resnet4j.kernel.machine;

import static org.resnet4j.machine.x64.Register.R8;
import static org.resnet4j.machine.x64.Register.R9;
import static org.resnet4j.machine.x64.Register.RAX;
import static org.resnet4j.machine.x64.Register.RCX;
import static org.resnet4j.machine.x64.Register.RDI;
import static org.resnet4j.machine.x64.Register.RDX;
import static org.resnet4j.machine.x64.Register.RSI;
import static org.resnet4j.machine.x64.Register.RSP;
import static org.resnet4j.machine.x64.Vector.xmm;
import static org.resnet4j.machine.x64.Vector.zmm;

import java.util.List;
import org.resnet4j.kernel.machine.ProductCalls.Kind;
import org.resnet4j.machine.x64.Label;
import org.resnet4j.machine.x64.Memory;
import org.resnet4j.machine.x64.Register;
import org.resnet4j.machine.x64.Vector;

/**
 * The writer of the code for products of one format. A row is a number of runs of adjacent floats or pairs; a step copies
 * one of each row to all lanes, and adds its products with a row of the panel.
 *
 * <p>Each sum is computed in the order of the row, with one rounding for each product. For floats that is the order of the
 * tiles on the Vector API, so the bits are equal. {@link ProductCalls} passes the arguments.
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

    /** The arguments whose registers hold positions in a tile of more than {@link #ROWS}. */
    private static final List<Register> LENT = List.of(INPUT, WEIGHTS, OUTPUT, STARTS, RESULTS, BIAS);

    private static final Vector ADDED = zmm(28);
    private static final Vector LEAST = zmm(31);

    private final ProductFormat format;
    private final Kind kind;

    /** True if sums start with the results, false if these are added at the end, so that a sum is rounded once. */
    private final boolean isContinued;

    private ProductCode(ProductFormat format, int vectors, Kind kind) {
        super(vectors, rows(vectors));
        this.format = format;
        this.kind = kind;
        isContinued = kind == Kind.ADD && format == ProductFormat.FLOATS;
    }

    /**
     * Returns the code for panels of a number of vectors.
     *
     * @param vectors from 1 to {@link #MOST_VECTORS}
     */
    static byte[] write(ProductFormat format, int vectors, Kind kind) {
        return new ProductCode(format, vectors, kind).write();
    }

    @Override
    void begin() {
        code.vbroadcastss(LEAST, xmm(0));
        code.mov(RAX, LAST_LANES);
        code.kmovw(LAST, RAX);
    }

    @Override
    void advance() {
        code.add(STARTS, mostRows * Integer.BYTES);
        code.add(RESULTS, mostRows * Integer.BYTES);
    }

    @Override
    void multiply(Vector sum, Vector row, Vector weights) {
        format.multiply(code, sum, row, weights);
    }

    @Override
    void tile(int rows) {
        for (int row = 0; row < rows; row++) {
            start(row);
        }
        code.mov(WEIGHT, WEIGHTS);
        if (rows > ROWS) {
            LENT.forEach(register -> code.mov(kept(register), register));
        }
        positions(rows);
        code.mov(RUN, RUNS);
        var run = new Label();
        code.bind(run);
        run(rows, RUN_BYTES);
        move(rows, RUN_STRIDE);
        code.dec(RUN);
        code.jne(run);
        if (rows > ROWS) {
            LENT.forEach(register -> code.mov(register, kept(register)));
        }
        if (kind.hasBias()) {
            for (int vector = 0; vector < vectors; vector++) {
                code.vmovups(weights(vector), Memory.at(BIAS, vector * VECTOR_BYTES));
            }
        }
        for (int row = 0; row < rows; row++) {
            finish(row);
        }
    }

    /** Returns the memory of a lent register, in the 128 bytes below the stack that belong to a function. */
    private static Memory kept(Register register) {
        return Memory.at(RSP, -Long.BYTES * (1 + LENT.indexOf(register)));
    }

    /** Loads the positions of the rows. The last two are in the registers that all positions come from. */
    private void positions(int rows) {
        boolean all = rows == MOST_ROWS;
        if (all) {
            code.movsxd(RAX, Memory.at(STARTS, (rows - 1) * Integer.BYTES));
        }
        for (int row = 0; row < (all ? rows - 1 : rows); row++) {
            Register at = ROW.get(row);
            code.movsxd(at, Memory.at(STARTS, row * Integer.BYTES));
            code.lea(at, Memory.at(INPUT, at, Float.BYTES));
        }
        if (all) {
            code.lea(ROW.getLast(), Memory.at(INPUT, RAX, Float.BYTES));
        }
    }

    /** Loads the address of a row's results. */
    private void result(Register to, int row) {
        code.movsxd(to, Memory.at(RESULTS, row * Integer.BYTES));
        code.lea(to, Memory.at(OUTPUT, to, Float.BYTES));
    }

    /** Sets the initial sums of a row. */
    private void start(int row) {
        if (isContinued) {
            result(RAX, row);
        }
        for (int vector = 0; vector < vectors; vector++) {
            Vector sum = sum(row, vector);
            if (isContinued) {
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
            Memory result = Memory.at(RAX, vector * format.resultBytes());
            if (kind.hasBias()) {
                code.vaddps(sum, sum, weights(vector));
            }
            if (kind.adds() && !isContinued) {
                add(sum, result, isLast(vector));
            }
            if (kind.hasBias()) {
                code.vmaxps(sum, LEAST, sum);
            }
            store(result, sum, isLast(vector));
        }
    }

    private void add(Vector sum, Memory result, boolean isLast) {
        if (format == ProductFormat.PAIRS) {
            addBFloats(sum, result, isLast, ADDED);
        } else {
            code.vmovups(isLast ? ADDED.zeroed(LAST) : ADDED, result);
            code.vaddps(sum, sum, ADDED);
        }
    }

    private void store(Memory result, Vector sum, boolean isLast) {
        if (format == ProductFormat.PAIRS) {
            storeBFloats(result, sum, isLast);
        } else {
            code.vmovups(isLast ? result.masked(LAST) : result, sum);
        }
    }
}
