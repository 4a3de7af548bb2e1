package org.resnet4j.generator;

/** The gradients that pass from a ReLU to the normalization before it. */
enum Gate {
    /** All gradients: there is no ReLU. */
    NONE("Plain", ""),
    /** The gradients where ReLU's input, recomputed from x, is positive. */
    NORMALIZED("Gated", "float[] affine, "),
    /**
     * The gradients where the result y is positive. The others are set to zero, because the same array is the gradient
     * of a shortcut.
     */
    RESULT("Masked", "float[] y, ");

    private final String suffix;
    private final String parameter;

    Gate(String suffix, String parameter) {
        this.suffix = suffix;
        this.parameter = parameter;
    }

    /** Returns the suffix of a method's name. */
    String suffix() {
        return suffix;
    }

    /** Returns the declaration of the parameter that the gate reads, with a comma. */
    String parameter() {
        return parameter;
    }

    /** Appends the declaration of the zero that a gate compares with. */
    void declareZero(Source source) {
        if (this != NONE) {
            source.add("var zero = FloatVector.zero(SPECIES);");
        }
    }

    /**
     * Returns the gradients of a vector of channels.
     *
     * @param value the name of the vector of x
     * @param index its index in the arrays
     * @param offset the vector that is added to {@code x·factor}
     */
    String gradients(Storage storage, String value, String index, String offset) {
        String dy = storage.load("dy", index);
        return switch (this) {
            case NONE -> dy;
            case NORMALIZED -> gated(dy, "fma(" + value + ", factor, " + offset + ")");
            case RESULT -> gated(dy, storage.load("y", index));
        };
    }

    /** Returns the gradient of one channel, at index {@code i}. */
    String gradient(Storage storage) {
        String dy = storage.get("dy", "i");
        return switch (this) {
            case NONE -> dy;
            case NORMALIZED ->
                "FusedMultiplyAdd.of(" + storage.get("x", "i") + ", affine[c], affine[channels + c]) > 0 ? " + dy
                        + " : 0f";
            case RESULT -> storage.get("y", "i") + " > 0 ? " + dy + " : 0f";
        };
    }

    private static String gated(String dy, String value) {
        return "zero.blend(" + dy + ", " + value + ".compare(VectorOperators.GT, zero))";
    }
}
