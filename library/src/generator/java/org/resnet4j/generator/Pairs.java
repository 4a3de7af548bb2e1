package org.resnet4j.generator;

/**
 * Vectors of bfloat16 numbers, as Java text. Straight-line code repeats it, because the just-in-time compiler stops
 * calling such methods inline in long methods, and vectors that are passed to other methods become objects.
 */
final class Pairs {
    private Pairs() {}

    /** Writes the class of the constants, and of methods for short loops. */
    static Source write(Source source) {
        source.add("""
            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.IntVector;
            import jdk.incubator.vector.ShortVector;
            import jdk.incubator.vector.VectorOperators;
            import jdk.incubator.vector.VectorShape;
            import jdk.incubator.vector.VectorSpecies;
            import org.resnet4j.kernel.BFloat16;
            import org.resnet4j.kernel.BFloat16Pairs;
            """);
        source.javadoc("""
            Vectors of floats, loaded from and stored to {@link BFloat16Pairs} in the order of the numbers: a vector is stored in
            half its bits. So vectors begin at the same channels as in float32, and sums are added in the same order.\
            """);
        source.openOffered("final class VectorPairs");
        source.add("""
            static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
            static final int LANES = SPECIES.length();

            /** False for vectors that are too short to be halved. */
            static final boolean IS_SUPPORTED = SPECIES.vectorBitSize() >= 2 * VectorShape.S_64_BIT.vectorBitSize();

            private static final VectorShape HALF =
                VectorShape.forBitSize(IS_SUPPORTED ? SPECIES.vectorBitSize() / 2 : SPECIES.vectorBitSize());
            static final VectorSpecies<Float> PAIRS = HALF.withLanes(float.class);
            static final VectorSpecies<Short> SHORTS = HALF.withLanes(short.class);
            static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

            static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
            static final int SMALLEST_NORMAL = Float.floatToRawIntBits(Float.MIN_NORMAL);

            /** The sign of a bfloat16 number. */
            static final int SIGN = 0x8000;

            /** The bit of every NaN that an operation returns. */
            static final int QUIET = 0x40;

            private VectorPairs() {}

            /**
             * Returns a vector of numbers.
             *
             * @param index the first number, even
             */\
            """);
        source.open("static FloatVector load(float[] pairs, int index)");
        source.add("return " + load("pairs", "index") + ";").close();
        source.add("""

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
             */\
            """);
        source.open("static void storeExact(FloatVector numbers, float[] pairs, int index)");
        source.add(store(upper("numbers"), "pairs", "index") + ";").close();
        source.blank().javadoc("Returns the nearest bfloat16 numbers ({@link BFloat16#of}).");
        source.open("static ShortVector rounded(FloatVector numbers)");
        source.add(round("numbers")).add("return (ShortVector) " + narrow("rounded") + ";");
        return source.close().close();
    }

    /** Returns an expression for a vector of floats. */
    static String load(String array, String index) {
        return "((IntVector) FloatVector.fromArray(VectorPairs.PAIRS, " + array + ", " + index + " >> 1)"
                + ".reinterpretAsShorts().convertShape(VectorOperators.ZERO_EXTEND_S2I, VectorPairs.INTS, 0))"
                + ".lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats()";
    }

    /** Returns an expression that stores ints with bfloat16 numbers in their lower halves. */
    static String store(String ints, String array, String index) {
        return narrow(ints) + ".reinterpretAsFloats().intoArray(" + array + ", " + index + " >> 1)";
    }

    /** Returns an expression for the upper halves of a vector of floats, as ints. */
    static String upper(String vector) {
        return vector + ".reinterpretAsInts().lanewise(VectorOperators.LSHR, Short.SIZE)";
    }

    /** Returns the declaration of {@code rounded}: ints with the bfloat16 numbers nearest to a vector of floats. */
    static String round(String vector) {
        return nearest(vector, """
            .lanewise(VectorOperators.AND, VectorPairs.SIGN, magnitude.compare(VectorOperators.LT, VectorPairs.SMALLEST_NORMAL))\
            """);
    }

    /** Returns a declaration as {@link #round} does, with zero for numbers below zero. */
    static String roundRelu(String vector) {
        // As integers, the bits of negative numbers are less than those of all others.
        return nearest(vector, ".blend(0, bits.compare(VectorOperators.LT, VectorPairs.SMALLEST_NORMAL))");
    }

    private static String nearest(String vector, String flush) {
        return """
            var bits = %s.reinterpretAsInts();
            var magnitude = bits.and(Integer.MAX_VALUE);
            var upper = bits.lanewise(VectorOperators.LSHR, Short.SIZE);
            var rounded = bits.add(upper.and(1)).add(Short.MAX_VALUE).lanewise(VectorOperators.LSHR, Short.SIZE)
                %s
                .blend(upper.or(VectorPairs.QUIET), magnitude.compare(VectorOperators.GT, VectorPairs.INFINITY));\
            """.formatted(vector, flush);
    }

    private static String narrow(String ints) {
        return ints + ".convertShape(VectorOperators.I2S, VectorPairs.SHORTS, 0)";
    }
}
