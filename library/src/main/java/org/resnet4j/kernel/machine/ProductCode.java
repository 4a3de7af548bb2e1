package org.resnet4j.kernel.machine;

import static org.resnet4j.machine.x64.Register.R10;
import static org.resnet4j.machine.x64.Register.R11;
import static org.resnet4j.machine.x64.Register.R12;
import static org.resnet4j.machine.x64.Register.R13;
import static org.resnet4j.machine.x64.Register.R14;
import static org.resnet4j.machine.x64.Register.R15;
import static org.resnet4j.machine.x64.Register.R8;
import static org.resnet4j.machine.x64.Register.R9;
import static org.resnet4j.machine.x64.Register.RAX;
import static org.resnet4j.machine.x64.Register.RBP;
import static org.resnet4j.machine.x64.Register.RBX;
import static org.resnet4j.machine.x64.Register.RCX;
import static org.resnet4j.machine.x64.Register.RDI;
import static org.resnet4j.machine.x64.Register.RDX;
import static org.resnet4j.machine.x64.Register.RSI;
import static org.resnet4j.machine.x64.Register.RSP;
import static org.resnet4j.machine.x64.Vector.xmm;
import static org.resnet4j.machine.x64.Vector.zmm;

import java.util.List;
import org.resnet4j.kernel.machine.FloatProduct.Kind;
import org.resnet4j.machine.x64.Assembler;
import org.resnet4j.machine.x64.Label;
import org.resnet4j.machine.x64.Mask;
import org.resnet4j.machine.x64.Memory;
import org.resnet4j.machine.x64.Register;
import org.resnet4j.machine.x64.Vector;

/**
 * The writer of the code that multiplies rows of floats by a panel of weights. A tile is six rows by up to four vectors
 * of 16 columns: its 24 sums stay in registers while the code walks over the row, which is a number of runs of adjacent
 * floats. A step copies one float of each row to all lanes, and adds its products with a row of the panel.
 *
 * <p>Each sum is computed in the order of the row, with one rounding for each product, as in the tiles on the Vector API,
 * so the bits are equal. The arguments are in the registers of the System V ABI for x86-64, the others on the stack: see
 * {@link FloatProduct}.
 */
final class ProductCode {
    /** The rows of a tile. */
    static final int ROWS = 6;

    /** The columns of a vector. */
    static final int LANES = 16;

    private static final int VECTOR_BYTES = 64;

    private static final Register INPUT = RDI;
    private static final Register WEIGHTS = RSI;
    private static final Register OUTPUT = RDX;
    private static final Register STARTS = RCX;
    private static final Register RESULTS = R8;
    private static final Register BIAS = R9;

    /** The registers that hold the position in each row. */
    private static final List<Register> ROW = List.of(R10, R11, RBX, RBP, R12, R13);

    private static final Register WEIGHT = R14;
    private static final Register RUN = R15;

    /** The registers that a function has to preserve. */
    private static final List<Register> PRESERVED = List.of(RBX, RBP, R12, R13, R14, R15);

    private static final Memory COUNT = argument(0);
    private static final Memory RUNS = argument(1);
    private static final Memory RUN_BYTES = argument(2);
    private static final Memory RUN_STRIDE = argument(3);
    private static final Memory LAST_LANES = argument(4);

    private static final Vector ADDED = zmm(28);
    private static final Vector LEAST = zmm(31);
    private static final Mask LAST = Mask.K1;

    private final Assembler code = new Assembler();
    private final int vectors;
    private final Kind kind;

    private ProductCode(int vectors, Kind kind) {
        this.vectors = vectors;
        this.kind = kind;
    }

    /**
     * Returns the code for panels of a number of vectors.
     *
     * @param vectors from 1 to 4
     */
    static byte[] write(int vectors, Kind kind) {
        return new ProductCode(vectors, kind).write();
    }

    /** Returns an argument on the stack: above the preserved registers and the return address. */
    private static Memory argument(int index) {
        return Memory.at(RSP, Long.BYTES * (PRESERVED.size() + 1 + index));
    }

    private byte[] write() {
        PRESERVED.forEach(code::push);
        code.vbroadcastss(LEAST, xmm(0));
        code.mov(RAX, LAST_LANES);
        code.kmovw(LAST, RAX);
        var next = new Label();
        var rest = new Label();
        var end = new Label();
        code.bind(next);
        code.mov(RAX, COUNT);
        code.sub(RAX, ROWS);
        code.jl(rest);
        code.mov(COUNT, RAX);
        tile(ROWS);
        code.add(STARTS, ROWS * Integer.BYTES);
        code.add(RESULTS, ROWS * Integer.BYTES);
        code.jmp(next);
        code.bind(rest);
        for (int rows = ROWS - 1; rows > 0; rows--) {
            var fewer = new Label();
            code.cmp(RAX, rows - ROWS);
            code.jne(fewer);
            tile(rows);
            code.jmp(end);
            code.bind(fewer);
        }
        code.bind(end);
        code.vzeroupper();
        PRESERVED.reversed().forEach(code::pop);
        code.ret();
        return code.toBytes();
    }

    private Vector sum(int row, int vector) {
        return zmm(row * vectors + vector);
    }

    private static Vector weights(int vector) {
        return zmm(24 + vector);
    }

    private boolean isLast(int vector) {
        return vector == vectors - 1;
    }

    /** Loads the address of a row's results. */
    private void result(Register to, int row) {
        code.movsxd(to, Memory.at(RESULTS, row * Integer.BYTES));
        code.lea(to, Memory.at(OUTPUT, to, Float.BYTES));
    }

    private void tile(int rows) {
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
        run(rows);
        for (Register row : ROW.subList(0, rows)) {
            code.add(row, RUN_STRIDE);
        }
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

    /** Adds the products of a run. */
    private void run(int rows) {
        code.xor(RAX, RAX);
        var step = new Label();
        code.bind(step);
        for (int vector = 0; vector < vectors; vector++) {
            code.vmovups(weights(vector), Memory.at(WEIGHT, vector * VECTOR_BYTES));
        }
        for (int row = 0; row < rows; row++) {
            Vector factor = zmm(28 + row % 2);
            code.vpbroadcastd(factor, Memory.at(ROW.get(row), RAX));
            for (int vector = 0; vector < vectors; vector++) {
                code.vfmadd231ps(sum(row, vector), factor, weights(vector));
            }
        }
        code.add(WEIGHT, vectors * VECTOR_BYTES);
        code.add(RAX, Float.BYTES);
        code.cmp(RAX, RUN_BYTES);
        code.jl(step);
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
