package org.resnet4j.machine.x64;

import org.jspecify.annotations.Nullable;

/**
 * An operand in memory, at {@code base + index * scale + displacement}.
 *
 * @param base the register with the address
 * @param index the register with the index, or null
 * @param scale the factor of the index: 1, 2, 4 or 8
 * @param displacement a constant number of bytes
 * @param mask the lanes that a destination receives; {@link Mask#K0} for all
 */
public record Memory(Register base, @Nullable Register index, int scale, int displacement, Mask mask)
        implements Operand {
    public Memory {
        if (index == Register.RSP) {
            throw new IllegalArgumentException("rsp cannot be an index");
        }
        if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
            throw new IllegalArgumentException("a scale of " + scale);
        }
    }

    /** Returns the memory at an address. */
    public static Memory at(Register base) {
        return at(base, 0);
    }

    /** Returns the memory at {@code base + displacement}. */
    public static Memory at(Register base, int displacement) {
        return new Memory(base, null, 1, displacement, Mask.K0);
    }

    /** Returns the memory at {@code base + index}. */
    public static Memory at(Register base, Register index) {
        return at(base, index, 1);
    }

    /** Returns the memory at {@code base + index * scale}. */
    public static Memory at(Register base, Register index, int scale) {
        return new Memory(base, index, scale, 0, Mask.K0);
    }

    /** Returns this memory as a destination of which only the lanes of the mask are written. */
    public Memory masked(Mask lanes) {
        return new Memory(base, index, scale, displacement, lanes);
    }

    @Override
    public int number() {
        return base.number();
    }
}
