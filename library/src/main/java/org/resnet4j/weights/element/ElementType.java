package org.resnet4j.weights.element;

import java.nio.ByteBuffer;

/** The supported element types of weight files, by their names in safetensors, with their conversion to float. */
public enum ElementType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    /** Four bits of exponent and three of fraction, without infinities: PyTorch's {@code float8_e4m3fn}. */
    F8_E4M3(1),
    /** The upper byte of F16: PyTorch's {@code float8_e5m2}. */
    F8_E5M2(1),
    I64(8),
    U64(8),
    I32(4),
    U32(4),
    I16(2),
    U16(2),
    I8(1),
    U8(1),
    BOOL(1);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the bytes of an element. */
    public int bytes() {
        return bytes;
    }

    /** Returns true for floating-point numbers, the type of weights. */
    public boolean isReal() {
        return switch (this) {
            case F64, F32, F16, BF16, F8_E4M3, F8_E5M2 -> true;
            case I64, U64, I32, U32, I16, U16, I8, U8, BOOL -> false;
        };
    }

    /**
     * Reads elements from a buffer in the buffer's byte order and advances it. F32, F16, BF16 and the 8-bit
     * types are exact; F64 and the
     * integers are rounded to the nearest float; BOOL gives 0 and 1.
     *
     * @param target receives the elements
     * @param start the first index in the target
     * @param count the number of elements
     */
    public void decode(ByteBuffer source, float[] target, int start, int count) {
        int end = start + count;
        switch (this) {
            case F32 -> {
                source.asFloatBuffer().get(target, start, count);
                source.position(source.position() + count * Float.BYTES);
            }
            case F64 -> {
                for (int i = start; i < end; i++) {
                    target[i] = (float) source.getDouble();
                }
            }
            case F16 -> {
                for (int i = start; i < end; i++) {
                    target[i] = Float.float16ToFloat(source.getShort());
                }
            }
            case BF16 -> {
                for (int i = start; i < end; i++) {
                    target[i] = Float.intBitsToFloat(source.getShort() << 16);
                }
            }
            case F8_E4M3 -> {
                for (int i = start; i < end; i++) {
                    target[i] = e4m3(source.get());
                }
            }
            case F8_E5M2 -> {
                for (int i = start; i < end; i++) {
                    target[i] = Float.float16ToFloat((short) (source.get() << Byte.SIZE));
                }
            }
            case I64 -> {
                for (int i = start; i < end; i++) {
                    target[i] = source.getLong();
                }
            }
            case U64 -> {
                for (int i = start; i < end; i++) {
                    target[i] = unsigned(source.getLong());
                }
            }
            case I32 -> {
                for (int i = start; i < end; i++) {
                    target[i] = source.getInt();
                }
            }
            case U32 -> {
                for (int i = start; i < end; i++) {
                    target[i] = Integer.toUnsignedLong(source.getInt());
                }
            }
            case I16 -> {
                for (int i = start; i < end; i++) {
                    target[i] = source.getShort();
                }
            }
            case U16 -> {
                for (int i = start; i < end; i++) {
                    target[i] = Short.toUnsignedInt(source.getShort());
                }
            }
            case I8 -> {
                for (int i = start; i < end; i++) {
                    target[i] = source.get();
                }
            }
            case U8 -> {
                for (int i = start; i < end; i++) {
                    target[i] = Byte.toUnsignedInt(source.get());
                }
            }
            case BOOL -> {
                for (int i = start; i < end; i++) {
                    target[i] = source.get() == 0 ? 0 : 1;
                }
            }
        }
    }

    /** Returns the value of sign, four bits of exponent with bias 7, and three bits of fraction. */
    private static float e4m3(byte bits) {
        int exponent = bits >> 3 & 0xf;
        int fraction = bits & 7;
        if ((bits & 0x7f) == 0x7f) {
            return Float.NaN;
        }
        float size =
                exponent == 0 ? Math.scalb((float) fraction, -9) : Math.scalb((float) (8 + fraction), exponent - 10);
        return bits < 0 ? -size : size;
    }

    private static float unsigned(long value) {
        if (value >= 0) {
            return value;
        }
        // Halved to fit a long; the lost bit is kept as a sticky bit for correct rounding.
        return 2f * ((value >>> 1) | (value & 1));
    }
}
