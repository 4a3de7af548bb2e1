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
import org.resnet4j.kernel.ByteImages;
import org.resnet4j.machine.x64.Assembler;
import org.resnet4j.machine.x64.Label;
import org.resnet4j.machine.x64.Mask;
import org.resnet4j.machine.x64.Memory;
import org.resnet4j.machine.x64.Register;
import org.resnet4j.machine.x64.Vector;

/**
 * The writer of the code that multiplies the pixels of a quantized convolution by a panel of weights. A tile is six
 * pixels by up to four vectors of 16 output channels: its 24 sums stay in registers while the code walks over the window
 * of the pixels, which is a number of rows of segments of adjacent bytes. A step takes four bytes of each pixel, copies
 * them to all lanes, and {@code vpdpbusd} adds their products with four weights of each output channel.
 *
 * <p>The arguments of the code are in the registers of the System V ABI for x86-64, the others on the stack: see
 * {@link Int8Call}.
 */
final class Int8Code {
    /** The pixels of a tile. */
    static final int PIXELS = 6;

    /** The most vectors of a panel. */
    static final int MOST_VECTORS = 4;

    /** The output channels of a vector. */
    static final int LANES = 16;

    /** The integers of a pixel in the table: where its input, its output and its residual are. */
    static final int TABLE_INTS = 3;

    private static final int VECTOR_BYTES = 64;

    private static final Register INPUT = RDI;
    private static final Register WEIGHTS = RSI;
    private static final Register OUTPUT = RDX;
    private static final Register RESIDUAL = RCX;
    private static final Register TABLE = R8;
    private static final Register FACTORS = R9;

    /** The registers that hold the position in each pixel's input. */
    private static final List<Register> PIXEL = List.of(R10, R11, RBX, RBP, R12, R13);

    private static final Register WEIGHT = R14;
    private static final Register SEGMENT = R15;

    /** The registers that a function has to preserve. */
    private static final List<Register> PRESERVED = List.of(RBX, RBP, R12, R13, R14, R15);

    private static final Memory COUNT = argument(0);
    private static final Memory ROWS = argument(1);
    private static final Memory SEGMENTS = argument(2);
    private static final Memory SEGMENT_BYTES = argument(3);
    private static final Memory SEGMENT_STRIDE = argument(4);
    private static final Memory ROW_STRIDE = argument(5);
    private static final Memory LAST_LANES = argument(6);
    private static final Memory LOWEST = argument(7);

    /** The rest of the rows of the window; it lies where no argument is needed any more. */
    private static final Memory ROW = LAST_LANES;

    private static final Vector BYTES = zmm(28);
    private static final Vector RESIDUAL_FACTOR = zmm(30);
    private static final Vector LEAST = zmm(31);
    private static final Mask LAST = Mask.K1;

    private final Assembler code = new Assembler();
    private final int vectors;
    private final boolean hasResidual;
    private final boolean toFloats;

    private Int8Code(int vectors, boolean hasResidual, boolean toFloats) {
        this.vectors = vectors;
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

    /** Returns an argument on the stack: above the preserved registers and the return address. */
    private static Memory argument(int index) {
        return Memory.at(RSP, Long.BYTES * (PRESERVED.size() + 1 + index));
    }

    private byte[] write() {
        PRESERVED.forEach(code::push);
        code.vbroadcastss(RESIDUAL_FACTOR, xmm(0));
        code.mov(RAX, LOWEST);
        code.vpbroadcastd(LEAST, RAX);
        code.mov(RAX, LAST_LANES);
        code.kmovw(LAST, RAX);
        var next = new Label();
        var rest = new Label();
        var end = new Label();
        code.bind(next);
        code.mov(RAX, COUNT);
        code.sub(RAX, PIXELS);
        code.jl(rest);
        code.mov(COUNT, RAX);
        tile(PIXELS);
        code.add(TABLE, PIXELS * TABLE_INTS * Integer.BYTES);
        code.jmp(next);
        code.bind(rest);
        for (int pixels = PIXELS - 1; pixels > 0; pixels--) {
            var fewer = new Label();
            code.cmp(RAX, pixels - PIXELS);
            code.jne(fewer);
            tile(pixels);
            code.jmp(end);
            code.bind(fewer);
        }
        code.bind(end);
        code.vzeroupper();
        PRESERVED.reversed().forEach(code::pop);
        code.ret();
        return code.toBytes();
    }

    private Vector sum(int pixel, int vector) {
        return zmm(pixel * vectors + vector);
    }

    private static Vector weights(int vector) {
        return zmm(24 + vector);
    }

    private Memory table(int pixel, int entry) {
        return Memory.at(TABLE, (pixel * TABLE_INTS + entry) * Integer.BYTES);
    }

    private void tile(int pixels) {
        for (int pixel = 0; pixel < pixels; pixel++) {
            code.movsxd(PIXEL.get(pixel), table(pixel, 0));
            code.add(PIXEL.get(pixel), INPUT);
            for (int vector = 0; vector < vectors; vector++) {
                Vector sum = sum(pixel, vector);
                code.vpxord(sum, sum, sum);
            }
        }
        code.mov(WEIGHT, WEIGHTS);
        code.mov(RAX, ROWS);
        var row = new Label();
        code.bind(row);
        code.mov(ROW, RAX);
        code.mov(SEGMENT, SEGMENTS);
        var segment = new Label();
        code.bind(segment);
        segment(pixels);
        advance(pixels, SEGMENT_STRIDE);
        code.dec(SEGMENT);
        code.jne(segment);
        advance(pixels, ROW_STRIDE);
        code.mov(RAX, ROW);
        code.dec(RAX);
        code.jne(row);
        for (int vector = 0; vector < vectors; vector++) {
            code.vmovups(weights(vector), Memory.at(FACTORS, vector * VECTOR_BYTES));
        }
        for (int pixel = 0; pixel < pixels; pixel++) {
            finish(pixel);
        }
    }

    private void advance(int pixels, Memory stride) {
        for (Register pixel : PIXEL.subList(0, pixels)) {
            code.add(pixel, stride);
        }
    }

    /** Adds the products of a segment. */
    private void segment(int pixels) {
        code.xor(RAX, RAX);
        var step = new Label();
        code.bind(step);
        for (int vector = 0; vector < vectors; vector++) {
            code.vmovups(weights(vector), Memory.at(WEIGHT, vector * VECTOR_BYTES));
        }
        for (int pixel = 0; pixel < pixels; pixel++) {
            Vector bytes = zmm(28 + pixel % 2);
            code.vpbroadcastd(bytes, Memory.at(PIXEL.get(pixel), RAX));
            for (int vector = 0; vector < vectors; vector++) {
                code.vpdpbusd(sum(pixel, vector), bytes, weights(vector));
            }
        }
        code.add(WEIGHT, vectors * VECTOR_BYTES);
        code.add(RAX, ByteImages.QUAD);
        code.cmp(RAX, SEGMENT_BYTES);
        code.jl(step);
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
            boolean isLast = vector == vectors - 1;
            Vector sum = sum(pixel, vector);
            code.vcvtdq2ps(sum, sum);
            code.vfmadd213ps(sum, weights(vector), Memory.at(FACTORS, (MOST_VECTORS + vector) * VECTOR_BYTES));
            if (hasResidual) {
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
