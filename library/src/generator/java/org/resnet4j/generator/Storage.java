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
        String storeRelu(String vector, String array, String index) {
            return store(vector + ".max(0f)", array, index);
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
    /** Two bfloat16 numbers in the bits of each float: {@link Pairs}. */
    PAIRS {
        @Override
        String load(String array, String index) {
            return Pairs.load(array, index);
        }

        @Override
        String store(String vector, String array, String index) {
            return Pairs.round(vector) + "\n" + Pairs.store("rounded", array, index) + ";";
        }

        @Override
        String storeRelu(String vector, String array, String index) {
            return Pairs.roundRelu(vector) + "\n" + Pairs.store("rounded", array, index) + ";";
        }

        @Override
        String storeLoaded(String vector, String array, String index) {
            return Pairs.store(Pairs.upper(vector), array, index) + ";";
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

    /** Returns statements that store a vector; at most once in a block. */
    abstract String store(String vector, String array, String index);

    /** Returns statements that store the larger of zero and each number; at most once in a block. */
    abstract String storeRelu(String vector, String array, String index);

    /** Returns a statement that stores a vector of numbers that were loaded, or zero. */
    abstract String storeLoaded(String vector, String array, String index);

    /** Returns an expression for a number. */
    abstract String get(String array, String index);

    /** Returns a statement that stores a number. */
    abstract String set(String array, String index, String value);
}
