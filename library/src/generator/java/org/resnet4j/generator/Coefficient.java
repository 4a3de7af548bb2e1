package org.resnet4j.generator;

/**
 * An entry of a transform's matrix: a sign, which is 0 for a zero, and a factor, which is empty for one.
 *
 * @param factor a product of letters such as {@code ppq}, a sum of such products in parentheses, or a decimal number
 */
record Coefficient(int sign, String factor) {
    static final Coefficient ONE = new Coefficient(1, "");

    /** Parses {@code 0}, {@code 1}, {@code -1}, {@code pq}, {@code -pq} or {@code 0.5}. */
    static Coefficient parse(String text) {
        boolean negative = text.startsWith("-");
        String factor = negative ? text.substring(1) : text;
        if (factor.equals("0")) {
            return new Coefficient(0, "");
        }
        return new Coefficient(negative ? -1 : 1, factor.equals("1") ? "" : factor);
    }

    boolean isZero() {
        return sign == 0;
    }

    /** Returns true for 1 and -1. */
    boolean isUnit() {
        return sign != 0 && factor.isEmpty();
    }

    Coefficient negated() {
        return new Coefficient(-sign, factor);
    }

    /** Returns the quotient by a coefficient whose letters are a subset of this one's. */
    Coefficient dividedBy(Coefficient divisor) {
        String quotient = factor;
        for (String letter : divisor.factor.split("")) {
            quotient = quotient.replaceFirst(letter, "");
        }
        return new Coefficient(sign * divisor.sign, quotient);
    }

    /** Returns the name of the local variable that holds the coefficient in every lane. */
    String variable() {
        String name = factor.startsWith("(") ? "sum" : factor;
        return sign > 0 ? name : "minus" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** Returns the coefficient as {@link #parse} reads it. */
    @Override
    public String toString() {
        String magnitude = sign == 0 ? "0" : factor.isEmpty() ? "1" : factor;
        return sign < 0 ? "-" + magnitude : magnitude;
    }
}
