package org.resnet4j.generator;

import static org.resnet4j.generator.Index.plus;

/** A writer of the product with a small square matrix, whose distances are all constants. */
final class SquareTile {
    /** Rows of a tile, each with one sum. */
    private static final int ROWS = 12;

    /** Rows and columns of the matrix, and lanes of its one vector. */
    private static final int SIZE = 16;

    private SquareTile() {}

    static Source write(Source source) {
        source.add("""
            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.VectorSpecies;
            import org.resnet4j.kernel.FusedMultiplyAdd;
            """);
        source.javadoc(
                "The product with a square matrix of a network's narrowest stage, for vectors of " + SIZE + " lanes.");
        source.openOffered("final class VectorSquareTile");
        source.add("private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;")
                .blank()
                .add(TileSize.TYPE)
                .blank();
        source.javadoc("Rows and columns of the matrix.");
        source.offered("static final int SIZE = " + SIZE + ";").blank();
        source.add("private VectorSquareTile() {}").blank();
        source.javadoc("""
            Computes {@code c[m, n] = Σ a[m, k] · b[k, n]}, with contiguous rows of a and c.

            @param a {@code [count, SIZE]} from {@code aOffset}; {@code count} is a multiple of %d
            @param b {@code [SIZE, SIZE]} from {@code bOffset}
            @param c {@code [count, SIZE]} from {@code cOffset}\
            """.formatted(ROWS));
        source.openOffered(
                "static void multiply(float[] a, int aOffset, int count, float[] b, int bOffset, float[] c, int"
                        + " cOffset)");
        source.open("for (int m = 0; m < count; m += " + ROWS + ")");
        source.add("int i = aOffset + m * SIZE;");
        for (int m = 0; m < ROWS; m++) {
            source.add("var s" + m + " = FloatVector.zero(SPECIES);");
        }
        source.open("for (int k = 0; k < SIZE; k++)");
        source.add("var row = FloatVector.fromArray(SPECIES, b, bOffset + k * SIZE);");
        for (int m = 0; m < ROWS; m++) {
            String value = "FloatVector.broadcast(SPECIES, a[i + k" + plus(m, "SIZE") + "])";
            source.add("var x" + m + " = " + value + ";");
            source.add(TileSize.multiplyAdd("s" + m, "x" + m, "row"));
        }
        source.close();
        source.add("int out = cOffset + m * SIZE;");
        for (int m = 0; m < ROWS; m++) {
            source.add(TileSize.store("s" + m, "c, out" + plus(m, "SIZE")));
        }
        return source.close().close().close();
    }
}
