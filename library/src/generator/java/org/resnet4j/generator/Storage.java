package org.resnet4j.generator;

/** The number format of a feature map in memory. Every pass computes in float32. */
enum Storage {
    /** The numbers of an array of floats. */
    FLOATS {
        @Override
        String load(String array, String index) {
            return "FloatVector.fromArray(SPECIES, " + array + ", " + index + ")";
        }

        @Override
        String store(String vector, String array, String index) {
            return vector + ".intoArray(" + array + ", " + index + ");";
        }

        @Override
        String storeLoaded(String vector, String array, String index) {
            return store(vector, array, index);
        }

        @Override
        String get(String array, String index) {
            return array + "[" + index + "]";
        }

        @Override
        String set(String array, String index, String value) {
            return array + "[" + index + "] = " + value + ";";
        }
    },
    /** Two bfloat16 numbers in the bits of each float. */
    PAIRS {
        @Override
        String load(String array, String index) {
            return "((IntVector) FloatVector.fromArray(VectorPairs.PAIRS, " + array + ", " + index + " >> 1)"
                    + ".reinterpretAsShorts()"
                    + ".convertShape(VectorOperators.ZERO_EXTEND_S2I, VectorPairs.INTS, 0))"
                    + ".lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats()";
        }

        @Override
        String store(String vector, String array, String index) {
            return "VectorPairs.store(" + vector + ", " + array + ", " + index + ");";
        }

        @Override
        String storeLoaded(String vector, String array, String index) {
            return vector + ".reinterpretAsInts().lanewise(VectorOperators.LSHR, Short.SIZE)"
                    + ".convertShape(VectorOperators.I2S, VectorPairs.SHORTS, 0)"
                    + ".reinterpretAsFloats().intoArray(" + array + ", " + index + " >> 1);";
        }

        @Override
        String get(String array, String index) {
            return "BFloat16Pairs.get(" + array + ", " + index + ")";
        }

        @Override
        String set(String array, String index, String value) {
            return "BFloat16Pairs.set(" + array + ", " + index + ", " + value + ");";
        }
    };

    /** Returns an expression for a vector of adjacent numbers. */
    abstract String load(String array, String index);

    /** Returns a statement that stores a vector. */
    abstract String store(String vector, String array, String index);

    /** Returns a statement that stores a vector of numbers that were loaded, or zero. */
    abstract String storeLoaded(String vector, String array, String index);

    /** Returns an expression for a number. */
    abstract String get(String array, String index);

    /** Returns a statement that stores a number. */
    abstract String set(String array, String index, String value);
}
