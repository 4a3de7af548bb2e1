package org.resnet4j.machine.x64;

import static org.resnet4j.machine.x64.Encoding.Prefix.NONE;
import static org.resnet4j.machine.x64.Encoding.Prefix.P66;
import static org.resnet4j.machine.x64.Encoding.Prefix.PF3;
import static org.resnet4j.machine.x64.Encoding.Tuple.FULL;
import static org.resnet4j.machine.x64.Encoding.Tuple.HALF_MEMORY;
import static org.resnet4j.machine.x64.Encoding.Tuple.QUARTER_MEMORY;
import static org.resnet4j.machine.x64.Encoding.Tuple.SCALAR;
import static org.resnet4j.machine.x64.Encoding.map0f;
import static org.resnet4j.machine.x64.Encoding.map0f38;

/**
 * A writer of machine code. Each instruction is a method; the destination comes first, as in the manual. General-purpose
 * registers are used with 64 bits, except where the manual names 32.
 */
public final class Assembler {
    private static final Encoding VMOVUPS = map0f(NONE, 0x10, FULL);
    private static final Encoding VMOVUPS_STORE = map0f(NONE, 0x11, FULL);
    private static final Encoding VPBROADCASTD = map0f38(P66, 0x58, SCALAR);
    private static final Encoding VBROADCASTSS = map0f38(P66, 0x18, SCALAR);
    private static final Encoding VPDPBUSD = map0f38(P66, 0x50, FULL);
    private static final Encoding VDPBF16PS = map0f38(PF3, 0x52, FULL);
    private static final Encoding VADDPS = map0f(NONE, 0x58, FULL);
    private static final Encoding VMAXPS = map0f(NONE, 0x5f, FULL);
    private static final Encoding VPXORD = map0f(P66, 0xef, FULL);
    private static final Encoding VPMAXSD = map0f38(P66, 0x3d, FULL);
    private static final Encoding VPMINSD = map0f38(P66, 0x39, FULL);
    private static final Encoding VCVTDQ2PS = map0f(NONE, 0x5b, FULL);
    private static final Encoding VCVTPS2DQ = map0f(P66, 0x5b, FULL);
    private static final Encoding VFMADD213PS = map0f38(P66, 0xa8, FULL);
    private static final Encoding VFMADD231PS = map0f38(P66, 0xb8, FULL);
    private static final Encoding VPMOVZXBD = map0f38(P66, 0x31, QUARTER_MEMORY);
    private static final Encoding VCVTNEPS2BF16 = map0f38(PF3, 0x72, FULL);
    private static final Encoding VPSLLD = map0f(P66, 0x72, FULL);
    private static final Encoding VPMOVZXWD = map0f38(P66, 0x33, HALF_MEMORY);
    private static final Encoding VPMOVDW = map0f38(PF3, 0x33, HALF_MEMORY);
    private static final Encoding VPMOVUSDB = map0f38(PF3, 0x11, QUARTER_MEMORY);

    /** What the manual calls {@code /6}: a part of the opcode of a shift. */
    private static final int LEFT = 6;

    private final CodeBuffer code = new CodeBuffer();

    /** The number of jumps to labels that are not bound yet. */
    private int unbound;

    /**
     * Returns the code.
     *
     * @throws IllegalStateException if a jump leads to a label that was not bound
     */
    public byte[] toBytes() {
        if (unbound != 0) {
            throw new IllegalStateException(unbound + " jumps lead nowhere");
        }
        return code.toBytes();
    }

    /** Binds a label to the position of the next instruction. */
    public void bind(Label label) {
        label.bind(code.length());
        for (int end : label.jumps()) {
            code.setInt(end - Integer.BYTES, label.position() - end);
        }
        unbound -= label.jumps().size();
    }

    private void jump(Label label) {
        code.putInt(label.position() - code.length() - Integer.BYTES);
        if (label.position() == Label.UNBOUND) {
            label.jumps().add(code.length());
            unbound++;
        }
    }

    private void jump(Condition condition, Label label) {
        code.put(0x0f, 0x80 | condition.code());
        jump(label);
    }

    public void jmp(Label label) {
        code.put(0xe9);
        jump(label);
    }

    public void jne(Label label) {
        jump(Condition.NOT_EQUAL, label);
    }

    public void jl(Label label) {
        jump(Condition.LESS, label);
    }

    public void ret() {
        code.put(0xc3);
    }

    public void push(Register from) {
        short64(0x50, from);
    }

    public void pop(Register to) {
        short64(0x58, to);
    }

    private void short64(int opcode, Register register) {
        if (register.number() >= 8) {
            code.put(0x41);
        }
        code.put(opcode | register.number() & 7);
    }

    public void mov(Register to, Register from) {
        code.wide(from.number(), to, 0x89);
    }

    public void mov(Register to, Memory from) {
        code.wide(to.number(), from, 0x8b);
    }

    public void mov(Memory to, Register from) {
        code.wide(from.number(), to, 0x89);
    }

    /** Loads a constant, which is sign-extended to 64 bits. */
    public void mov(Register to, int constant) {
        code.wide(0, to, 0xc7);
        code.putInt(constant);
    }

    /** Loads 32 bits, which are sign-extended to 64. */
    public void movsxd(Register to, Memory from) {
        code.wide(to.number(), from, 0x63);
    }

    /** Computes the address of an operand. */
    public void lea(Register to, Memory from) {
        code.wide(to.number(), from, 0x8d);
    }

    public void add(Register to, Register from) {
        code.wide(from.number(), to, 0x01);
    }

    public void add(Register to, Memory from) {
        code.wide(to.number(), from, 0x03);
    }

    public void add(Register to, int constant) {
        arithmetic(0, to, constant);
    }

    public void sub(Register to, int constant) {
        arithmetic(5, to, constant);
    }

    public void xor(Register to, Register from) {
        code.wide(from.number(), to, 0x31);
    }

    public void cmp(Register first, Memory second) {
        code.wide(first.number(), second, 0x3b);
    }

    public void cmp(Register first, int constant) {
        arithmetic(7, first, constant);
    }

    private void arithmetic(int operation, Register register, int constant) {
        if (constant == (byte) constant) {
            code.wide(operation, register, 0x83);
            code.put(constant);
            return;
        }
        if (register == Register.RAX) {
            code.put(0x48, operation << 3 | 5);
        } else {
            code.wide(operation, register, 0x81);
        }
        code.putInt(constant);
    }

    public void dec(Register register) {
        code.wide(1, register, 0xff);
    }

    public void cpuid() {
        code.put(0x0f, 0xa2);
    }

    public void xgetbv() {
        code.put(0x0f, 0x01, 0xd0);
    }

    /** Moves the lower 16 bits of a register into a mask. */
    public void kmovw(Mask to, Register from) {
        code.vex(to.number(), from, 0x92);
    }

    /** Clears the upper parts of the vector registers; without it, code in older encodings that follows is slow. */
    public void vzeroupper() {
        code.put(0xc5, 0xf8, 0x77);
    }

    public void vmovups(Vector to, Memory from) {
        code.evex(VMOVUPS, to, 0, from);
    }

    public void vmovups(Memory to, Vector from) {
        code.evex(VMOVUPS_STORE, from, 0, to);
    }

    public void vpbroadcastd(Vector to, Memory from) {
        code.evex(VPBROADCASTD, to, 0, from);
    }

    public void vbroadcastss(Vector to, Vector from) {
        code.evex(VBROADCASTSS, to, 0, from);
    }

    /** Adds to each 32-bit lane the products of four unsigned bytes and four signed bytes. */
    public void vpdpbusd(Vector sum, Vector unsigned, Vector signed) {
        code.evex(VPDPBUSD, sum, unsigned.number(), signed);
    }

    /**
     * Adds to each float the products of two bfloat16 numbers, first that of the upper ones. Each is added with one
     * rounding; denormal numbers count as zero.
     */
    public void vdpbf16ps(Vector sum, Vector first, Vector second) {
        code.evex(VDPBF16PS, sum, first.number(), second);
    }

    /**
     * Converts floats to bfloat16, rounding half to even; denormal ones to zero.
     *
     * @param to has half the length of {@code from}
     */
    public void vcvtneps2bf16(Vector to, Vector from) {
        code.evex(VCVTNEPS2BF16, to.withLength(from.length()), 0, from);
    }

    /** Shifts integers of 32 bits to the left. */
    public void vpslld(Vector to, Vector from, int count) {
        code.evex(VPSLLD, new Vector(LEFT, to.length(), to.mask(), to.isZeroing()), to.number(), from);
        code.put(count);
    }

    public void vaddps(Vector to, Vector first, Vector second) {
        code.evex(VADDPS, to, first.number(), second);
    }

    public void vaddps(Vector to, Vector first, Memory second) {
        code.evex(VADDPS, to, first.number(), second);
    }

    /** Computes the maximum; {@code second} if one of the numbers is NaN, or both are zeros. */
    public void vmaxps(Vector to, Vector first, Vector second) {
        code.evex(VMAXPS, to, first.number(), second);
    }

    public void vpxord(Vector to, Vector first, Vector second) {
        code.evex(VPXORD, to, first.number(), second);
    }

    public void vpmaxsd(Vector to, Vector first, Vector second) {
        code.evex(VPMAXSD, to, first.number(), second);
    }

    public void vpmaxsd(Vector to, Vector first, Memory second) {
        code.evex(VPMAXSD, to, first.number(), second);
    }

    public void vpminsd(Vector to, Vector first, Memory second) {
        code.evex(VPMINSD, to, first.number(), second);
    }

    public void vcvtdq2ps(Vector to, Vector from) {
        code.evex(VCVTDQ2PS, to, 0, from);
    }

    /** Converts to integers, rounding half to even. */
    public void vcvtps2dq(Vector to, Vector from) {
        code.evex(VCVTPS2DQ, to, 0, from);
    }

    /** Computes {@code to = first * to + second}. */
    public void vfmadd213ps(Vector to, Vector first, Memory second) {
        code.evex(VFMADD213PS, to, first.number(), second);
    }

    /** Computes {@code to = first * second + to}. */
    public void vfmadd231ps(Vector to, Vector first, Vector second) {
        code.evex(VFMADD231PS, to, first.number(), second);
    }

    /** Loads unsigned bytes as integers of 32 bits. */
    public void vpmovzxbd(Vector to, Memory from) {
        code.evex(VPMOVZXBD, to, 0, from);
    }

    /** Loads unsigned integers of 16 bits as those of 32. */
    public void vpmovzxwd(Vector to, Memory from) {
        code.evex(VPMOVZXWD, to, 0, from);
    }

    /**
     * Converts unsigned integers of 16 bits to those of 32.
     *
     * @param from has half the length of {@code to}
     */
    public void vpmovzxwd(Vector to, Vector from) {
        code.evex(VPMOVZXWD, to, 0, from);
    }

    /** Stores the lower 16 bits of integers of 32. */
    public void vpmovdw(Memory to, Vector from) {
        code.evex(VPMOVDW, from, 0, to);
    }

    /** Stores integers of 32 bits, taken as unsigned, as bytes; larger ones as 255. */
    public void vpmovusdb(Memory to, Vector from) {
        code.evex(VPMOVUSDB, from, 0, to);
    }
}
