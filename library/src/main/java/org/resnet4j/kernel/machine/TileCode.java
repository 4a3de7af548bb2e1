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
import static org.resnet4j.machine.x64.Vector.zmm;

import java.util.List;
import org.resnet4j.machine.x64.Assembler;
import org.resnet4j.machine.x64.Label;
import org.resnet4j.machine.x64.Mask;
import org.resnet4j.machine.x64.Memory;
import org.resnet4j.machine.x64.Register;
import org.resnet4j.machine.x64.Vector;

/**
 * The writer of the code that multiplies rows by a panel of weights, in any number format of which 32 bits of a row meet
 * a vector of the panel. A tile is six rows by up to four vectors of 16 columns: its 24 sums stay in registers while the
 * code walks over the rows.
 *
 * <p>The arguments of the code are in the registers of the System V ABI for x86-64, the others on the stack. The first on
 * the stack is the number of rows.
 */
abstract class TileCode {
    /** The rows of a tile of {@link #MOST_VECTORS}. */
    static final int ROWS = 6;

    /** The most vectors of a panel. */
    static final int MOST_VECTORS = 4;

    /** The columns of a vector. */
    static final int LANES = 16;

    /** The bytes of a vector register. */
    static final int VECTOR_BYTES = 64;

    /** The bytes of a row that a step multiplies, and those of a column in the vector that they meet. */
    static final int STEP_BYTES = 4;

    /** The registers that hold the position in each row; those beyond {@link #ROWS} are registers of arguments. */
    static final List<Register> ROW = List.of(R10, R11, RBX, RBP, R12, R13, RSI, RDX, R8, R9, RCX, RDI);

    /**
     * The rows of a tile of one or two vectors. With fewer, an addition would have to wait for the sum of the one before.
     */
    static final int MOST_ROWS = ROW.size();

    /** The position in the panel. */
    static final Register WEIGHT = R14;

    /** The number of runs of adjacent bytes that are left. */
    static final Register RUN = R15;

    /** The columns of the last vector. */
    static final Mask LAST = Mask.K1;

    /** The registers that a function has to preserve. */
    private static final List<Register> PRESERVED = List.of(RBX, RBP, R12, R13, R14, R15);

    private static final Memory COUNT = argument(0);

    final Assembler code = new Assembler();
    final int vectors;
    final int mostRows;

    /**
     * @param vectors the vectors of a panel, from 1 to {@link #MOST_VECTORS}
     * @param mostRows the rows of a tile
     */
    TileCode(int vectors, int mostRows) {
        this.vectors = vectors;
        this.mostRows = mostRows;
    }

    /** Returns the rows of a tile whose sums stay in registers. */
    static int rows(int vectors) {
        return MOST_ROWS * vectors <= ROWS * MOST_VECTORS ? MOST_ROWS : ROWS;
    }

    /** Returns an argument on the stack: above the preserved registers and the return address. */
    static Memory argument(int index) {
        return Memory.at(RSP, Long.BYTES * (PRESERVED.size() + 1 + index));
    }

    /** Loads what all tiles use. */
    abstract void begin();

    /** Computes a tile of some rows. */
    abstract void tile(int rows);

    /** Advances to the next tile. */
    abstract void advance();

    /** Adds the products of bytes of a row, which are in every lane, with a vector of the panel. */
    abstract void multiply(Vector sum, Vector row, Vector weights);

    /** Returns the code: tiles of the most rows, and one for the rest. */
    final byte[] write() {
        PRESERVED.forEach(code::push);
        begin();
        var next = new Label();
        var rest = new Label();
        var end = new Label();
        code.bind(next);
        code.mov(RAX, COUNT);
        code.sub(RAX, mostRows);
        code.jl(rest);
        code.mov(COUNT, RAX);
        tile(mostRows);
        advance();
        code.jmp(next);
        code.bind(rest);
        for (int rows = mostRows - 1; rows > 0; rows--) {
            var fewer = new Label();
            code.cmp(RAX, rows - mostRows);
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

    /** Returns the register of a sum. */
    final Vector sum(int row, int vector) {
        return zmm(row * vectors + vector);
    }

    /** Returns a register behind those of the sums, for a vector of the panel. */
    static Vector weights(int vector) {
        return zmm(ROWS * MOST_VECTORS + vector);
    }

    final boolean isLast(int vector) {
        return vector == vectors - 1;
    }

    /** Adds the products of adjacent bytes of the rows. */
    final void run(int rows, Memory bytes) {
        code.xor(RAX, RAX);
        var step = new Label();
        code.bind(step);
        for (int vector = 0; vector < vectors; vector++) {
            code.vmovups(weights(vector), Memory.at(WEIGHT, vector * VECTOR_BYTES));
        }
        for (int row = 0; row < rows; row++) {
            multiply(row, Memory.at(ROW.get(row), RAX));
        }
        code.add(WEIGHT, vectors * VECTOR_BYTES);
        code.add(RAX, STEP_BYTES);
        code.cmp(RAX, bytes);
        code.jl(step);
    }

    /** Copies bytes of a row to every lane, and adds their products with the vectors of the panel. */
    final void multiply(int row, Memory bytes) {
        Vector ofRow = zmm(28 + row % 2);
        code.vpbroadcastd(ofRow, bytes);
        for (int vector = 0; vector < vectors; vector++) {
            multiply(sum(row, vector), ofRow, weights(vector));
        }
    }

    /**
     * Adds adjacent bfloat16 numbers to floats.
     *
     * @param isLast true if only {@link #LAST} exist
     * @param numbers a free register
     */
    final void addBFloats(Vector sum, Memory from, boolean isLast, Vector numbers) {
        code.vpmovzxwd(isLast ? numbers.zeroed(LAST) : numbers, from);
        code.vpslld(numbers, numbers, Short.SIZE);
        code.vaddps(sum, sum, numbers);
    }

    /**
     * Rounds floats and stores them as adjacent bfloat16 numbers.
     *
     * @param sum the floats, which are overwritten
     * @param isLast true if only {@link #LAST} exist
     */
    final void storeBFloats(Memory to, Vector sum, boolean isLast) {
        Vector half = Vector.ymm(sum.number());
        code.vcvtneps2bf16(half, sum);
        if (isLast) {
            // A mask of 16 lanes needs integers of 32 bits.
            code.vpmovzxwd(sum, half);
            code.vpmovdw(to.masked(LAST), sum);
        } else {
            code.vmovups(to, half);
        }
    }

    /** Moves the positions in the rows. */
    final void move(int rows, Memory distance) {
        for (Register row : ROW.subList(0, rows)) {
            code.add(row, distance);
        }
    }
}
