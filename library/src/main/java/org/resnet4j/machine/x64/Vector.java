package org.resnet4j.machine.x64;

/**
 * A vector register.
 *
 * @param number the number, from 0 to 31
 * @param length the part of the register that an instruction uses
 * @param mask the lanes that a destination receives; {@link Mask#K0} for all
 * @param isZeroing true if the other lanes of a destination become zero, false if they keep their values
 */
public record Vector(int number, Length length, Mask mask, boolean isZeroing) implements Operand {
    /** The number of registers. */
    public static final int COUNT = 32;

    /** A part of a vector register. */
    public enum Length {
        XMM,
        YMM,
        ZMM;

        /** Returns the number of bytes. */
        int bytes() {
            return 16 << ordinal();
        }
    }

    public Vector {
        if (number < 0 || number >= COUNT) {
            throw new IllegalArgumentException("there is no vector register " + number);
        }
        if (isZeroing && mask == Mask.K0) {
            throw new IllegalArgumentException("zeroing needs a mask");
        }
    }

    /** Returns a register of 512 bits. */
    public static Vector zmm(int number) {
        return new Vector(number, Length.ZMM, Mask.K0, false);
    }

    /** Returns the lower 256 bits of a register. */
    public static Vector ymm(int number) {
        return new Vector(number, Length.YMM, Mask.K0, false);
    }

    /** Returns the lower 128 bits of a register. */
    public static Vector xmm(int number) {
        return new Vector(number, Length.XMM, Mask.K0, false);
    }

    /** Returns this register with another length. */
    Vector withLength(Length changed) {
        return new Vector(number, changed, mask, isZeroing);
    }

    /** Returns this register as a destination of which the lanes outside the mask become zero. */
    public Vector zeroed(Mask lanes) {
        return new Vector(number, length, lanes, true);
    }
}
