package org.resnet4j.generator;

/**
 * A coefficient that the code loads into a vector, and its value.
 *
 * @param coefficient the coefficient in the syntax of {@link Coefficient#parse}
 * @param value a Java expression of a float
 */
record Constant(String coefficient, String value) {
    /** Declares the vector with the coefficient in every lane. */
    String declaration() {
        String variable = Coefficient.parse(coefficient).variable();
        return "var " + variable + " = FloatVector.broadcast(SPECIES, " + value + ");";
    }
}
