package org.resnet4j.generator;

/** The gradients that reach a normalization through the ReLU after it. */
enum Gate {
    /** All of them: there is no ReLU. */
    NONE("Plain", ""),
    /** Those where ReLU's input, computed from x once more, is positive. */
    NORMALIZED("Gated", "float[] affine, "),
    /** Those where the result y is positive; the others are set to zero, since a shortcut's gradient is the same array. */
    RESULT("Masked", "float[] y, ");

    private final String suffix;
    private final String parameter;

    Gate(String suffix, String parameter) {
        this.suffix = suffix;
        this.parameter = parameter;
    }

    /** Returns the end of a method's name. */
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
     * @param value name of the vector of x
     * @param index its index in the arrays
     * @param offset the vector that {@code x·factor} is moved by
     */
    String gradients(String value, String index, String offset) {
        String dy = load("dy", index);
        return switch (this) {
            case NONE -> dy;
            case NORMALIZED -> gated(dy, value + ".fma(factor, " + offset + ")");
            case RESULT -> gated(dy, load("y", index));
        };
    }

    /** Returns the gradient of one channel, at index {@code i}. */
    String gradient() {
        return switch (this) {
            case NONE -> "dy[i]";
            case NORMALIZED -> "Math.fma(x[i], affine[c], affine[channels + c]) > 0 ? dy[i] : 0f";
            case RESULT -> "y[i] > 0 ? dy[i] : 0f";
        };
    }

    private static String gated(String dy, String value) {
        return "zero.blend(" + dy + ", " + value + ".compare(VectorOperators.GT, zero))";
    }

    private static String load(String array, String index) {
        return "FloatVector.fromArray(SPECIES, " + array + ", " + index + ")";
    }
}
