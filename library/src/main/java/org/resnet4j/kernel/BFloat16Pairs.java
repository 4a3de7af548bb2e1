package org.resnet4j.kernel;

import java.util.Arrays;

/**
 * Feature maps in bfloat16, stored in arrays of floats: the bits of float i are number {@code 2 · i} in the lower half
 * and number {@code 2 · i + 1} in the upper half. So kernels that move channels move pairs of them, and buffers serve both
 * formats. As a float, a pair means nothing; it is only moved. All numbers are results of {@link BFloat16#of}, so none is
 * denormal.
 *
 * <p>An instruction that multiplies bfloat16 numbers takes such pairs.
 */
public final class BFloat16Pairs {
    private static final int BITS = Short.SIZE;
    private static final int UPPER = 0xffff0000;

    private BFloat16Pairs() {}

    /** Returns the number of floats that hold some numbers. */
    public static int floats(int numbers) {
        return Math.ceilDiv(numbers, 2);
    }

    /** Returns a number. */
    public static float get(float[] pairs, int index) {
        int bits = Float.floatToRawIntBits(pairs[index >> 1]);
        return Float.intBitsToFloat((index & 1) == 0 ? bits << BITS : bits & UPPER);
    }

    /** Rounds a number ({@link BFloat16#of}). The other number of its pair stays. */
    public static void set(float[] pairs, int index, float number) {
        int bits = Float.floatToRawIntBits(pairs[index >> 1]);
        int rounded = BFloat16.of(number);
        int changed = (index & 1) == 0 ? bits & UPPER | rounded & ~UPPER : bits & ~UPPER | rounded << BITS;
        pairs[index >> 1] = Float.intBitsToFloat(changed);
    }

    /**
     * Copies adjacent numbers.
     *
     * @param source the first number
     * @param target its index in the other array
     */
    public static void copy(float[] from, int source, float[] to, int target, int count) {
        if ((source & 1) == 0 && (target & 1) == 0 && (count & 1) == 0) {
            System.arraycopy(from, source >> 1, to, target >> 1, count >> 1);
        } else {
            for (int i = 0; i < count; i++) {
                set(to, target + i, get(from, source + i));
            }
        }
    }

    /**
     * Sets adjacent numbers to zero.
     *
     * @param from the first number, even
     * @param count the count of numbers, even
     */
    public static void clear(float[] pairs, int from, int count) {
        Arrays.fill(pairs, from >> 1, from + count >> 1, 0f);
    }
}
