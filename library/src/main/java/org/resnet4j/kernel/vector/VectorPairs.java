package org.resnet4j.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.resnet4j.kernel.BFloat16;
import org.resnet4j.kernel.BFloat16Pairs;

/**
 * Vectors of floats, loaded from and stored to {@link BFloat16Pairs} in the order of the numbers: a vector is stored in
 * half the bits. So vectors begin at the same channels as in float32, and sums are added in the same order.
 */
final class VectorPairs {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    /** False for vectors that are too short to be halved. */
    static final boolean IS_SUPPORTED = SPECIES.vectorBitSize() >= 2 * VectorShape.S_64_BIT.vectorBitSize();

    static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
    private static final VectorShape HALF =
            VectorShape.forBitSize(IS_SUPPORTED ? SPECIES.vectorBitSize() / 2 : SPECIES.vectorBitSize());
    static final VectorSpecies<Float> PAIRS = HALF.withLanes(float.class);
    static final VectorSpecies<Short> SHORTS = HALF.withLanes(short.class);

    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    private static final int SMALLEST_NORMAL = Float.floatToRawIntBits(Float.MIN_NORMAL);

    /** The sign of a bfloat16 number, and the bit of every NaN that an operation returns. */
    private static final int SIGN = 0x8000;

    private static final int QUIET = 0x40;

    private VectorPairs() {}

    /**
     * Returns a vector of numbers.
     *
     * @param index the first number, even
     */
    static FloatVector load(float[] pairs, int index) {
        var numbers = FloatVector.fromArray(PAIRS, pairs, index >> 1).reinterpretAsShorts();
        return ((IntVector) numbers.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, Short.SIZE)
                .reinterpretAsFloats();
    }

    /**
     * Rounds a vector of numbers ({@link BFloat16#of}).
     *
     * @param index the first number, even
     */
    static void store(FloatVector numbers, float[] pairs, int index) {
        rounded(numbers).reinterpretAsFloats().intoArray(pairs, index >> 1);
    }

    /**
     * Stores a vector of numbers that are bfloat16 numbers already.
     *
     * @param index the first number, even
     */
    static void storeExact(FloatVector numbers, float[] pairs, int index) {
        var upper = numbers.reinterpretAsInts().lanewise(VectorOperators.LSHR, Short.SIZE);
        narrowed(upper).reinterpretAsFloats().intoArray(pairs, index >> 1);
    }

    /** Returns the nearest bfloat16 numbers ({@link BFloat16#of}). */
    static ShortVector rounded(FloatVector numbers) {
        var bits = numbers.reinterpretAsInts();
        var magnitude = bits.and(Integer.MAX_VALUE);
        var upper = bits.lanewise(VectorOperators.LSHR, Short.SIZE);
        var rounded = bits.add(upper.and(1)).add(Short.MAX_VALUE).lanewise(VectorOperators.LSHR, Short.SIZE);
        rounded = rounded.blend(upper.or(QUIET), magnitude.compare(VectorOperators.GT, INFINITY));
        return narrowed(rounded.blend(upper.and(SIGN), magnitude.compare(VectorOperators.LT, SMALLEST_NORMAL)));
    }

    private static ShortVector narrowed(IntVector bits) {
        return (ShortVector) bits.convertShape(VectorOperators.I2S, SHORTS, 0);
    }
}
