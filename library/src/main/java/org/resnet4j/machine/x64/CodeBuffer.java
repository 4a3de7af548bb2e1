package org.resnet4j.machine.x64;

import java.util.Arrays;

/** The bytes of instructions, and the encoding of their operands. */
final class CodeBuffer {
    private static final int FIRST_LENGTH = 1024;
    private static final int REX = 0x40;
    private static final int EVEX = 0x62;
    private static final int VEX2 = 0xc5;
    private static final int VEX3 = 0xc4;

    /** The number in the field {@code r/m} that announces a byte with scale, index and base. */
    private static final int SIB = 4;

    /** The number of a base that cannot be without a displacement. */
    private static final int NEEDS_DISPLACEMENT = 5;

    private byte[] bytes = new byte[FIRST_LENGTH];
    private int length;

    int length() {
        return length;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    void put(int... values) {
        if (length + values.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        for (int value : values) {
            bytes[length++] = (byte) value;
        }
    }

    void putInt(int value) {
        put(value, value >> 8, value >> 16, value >> 24);
    }

    void setInt(int position, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[position + i] = (byte) (value >> 8 * i);
        }
    }

    private static int low(int number) {
        return number & 7;
    }

    private static int bit(int number, int bit) {
        return number >> bit & 1;
    }

    private static int index(Operand operand) {
        return operand instanceof Memory memory && memory.index() != null
                ? memory.index().number()
                : 0;
    }

    /**
     * Writes an instruction on operands of 64 bits.
     *
     * @param field the register, or the part of the opcode, in the field {@code reg}
     */
    void wide(int field, Operand rm, int... opcode) {
        put(REX | 8 | bit(field, 3) << 2 | bit(index(rm), 3) << 1 | bit(rm.number(), 3));
        put(opcode);
        operand(field, rm, 1);
    }

    /** Writes a VEX-encoded instruction of map 0F, without a prefix, on 128 bits or a mask. */
    void vex(int field, Operand rm, int opcode) {
        int extensions = bit(field, 3) << 7 | bit(index(rm), 3) << 6 | bit(rm.number(), 3) << 5;
        if ((extensions & 0x60) == 0) {
            put(VEX2, extensions ^ 0xf8);
        } else {
            put(VEX3, extensions ^ 0xe1, 0x78);
        }
        put(opcode);
        operand(field, rm, 1);
    }

    /**
     * Writes an EVEX-encoded instruction.
     *
     * @param register the vector in the field {@code reg}
     * @param second the number of the vector in the field {@code vvvv}; 0 if there is none
     * @param rm the operand in the field {@code r/m}
     */
    void evex(Encoding encoding, Vector register, int second, Operand rm) {
        Mask mask = rm instanceof Memory memory && memory.mask() != Mask.K0 ? memory.mask() : register.mask();
        int number = register.number();
        int x = rm instanceof Vector vector ? bit(vector.number(), 4) : bit(index(rm), 3);
        int extensions = bit(number, 3) << 7 | x << 6 | bit(rm.number(), 3) << 5 | bit(number, 4) << 4;
        put(
                EVEX,
                extensions ^ 0xf0 | encoding.map().code(),
                (second & 15) << 3 ^ 0x7c | encoding.prefix().ordinal(),
                (register.isZeroing() ? 0x80 : 0)
                        | register.length().ordinal() << 5
                        | (bit(second, 4) ^ 1) << 3
                        | mask.number(),
                encoding.opcode());
        operand(number, rm, encoding.bytes(register.length()));
    }

    /**
     * Writes the operands.
     *
     * @param unit the bytes that a displacement of one byte counts
     */
    private void operand(int field, Operand rm, int unit) {
        int reg = low(field) << 3;
        if (!(rm instanceof Memory memory)) {
            put(0xc0 | reg | low(rm.number()));
            return;
        }
        int base = low(memory.base().number());
        int displacement = memory.displacement();
        int units = displacement / unit;
        boolean isShort = displacement % unit == 0 && units == (byte) units;
        int mode = displacement == 0 && base != NEEDS_DISPLACEMENT ? 0 : isShort ? 0x40 : 0x80;
        Register index = memory.index();
        if (index == null && base != SIB) {
            put(mode | reg | base);
        } else {
            int scale = Integer.numberOfTrailingZeros(memory.scale());
            put(mode | reg | SIB, scale << 6 | (index == null ? SIB : low(index.number())) << 3 | base);
        }
        if (mode == 0x40) {
            put(units);
        } else if (mode == 0x80) {
            putInt(displacement);
        }
    }
}
