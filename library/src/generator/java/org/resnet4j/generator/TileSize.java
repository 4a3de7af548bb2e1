package org.resnet4j.generator;

import java.util.Set;
import java.util.function.IntFunction;

/**
 * A size of register tile.
 *
 * @param rows pixels in a product, window positions in an outer product
 * @param vectors vectors of output channels
 * @param uses the methods that are written for it, and the panels that it is selected for
 * @param rest the rows of the product tile of equal width for the remaining rows, or 0
 * @param outerRest the rows of the corresponding tile of outer products, or 0
 */
record TileSize(int rows, int vectors, Set<Use> uses, int rest, int outerRest) {
    /**
     * The declaration of {@code TYPE}. In a loop, the compiler loses the class of a vector, and takes those that the
     * called method has seen in the whole process: in bfloat16, vectors of two sizes. For two classes,
     * {@code intoArray} is not compiled to an instruction, and then all vectors of the loop are objects.
     */
    static final String TYPE = """
        /** The class of all vectors; sums are cast to it, because their own is lost in a loop. */
        private static final Class<? extends FloatVector> TYPE = FloatVector.zero(SPECIES).getClass();

        private static final boolean FMA = FusedMultiplyAdd.IS_INSTRUCTION;\
        """;

    /** The purpose of a tile. */
    enum Use {
        /** A method for products. */
        PRODUCT,
        /** A method for outer products. */
        OUTER,
        /** Panels of this width on a machine with 32 vector registers. */
        MANY_REGISTERS,
        /** Panels of this width on a machine with 16 vector registers. */
        FEW_REGISTERS
    }

    static TileSize of(int rows, int vectors, Use... uses) {
        return new TileSize(rows, vectors, Set.of(uses), 0, 0);
    }

    TileSize withRest(int restRows) {
        return new TileSize(rows, vectors, uses, restRows, outerRest);
    }

    TileSize withOuterRest(int restRows) {
        return new TileSize(rows, vectors, uses, rest, restRows);
    }

    boolean has(Use use) {
        return uses.contains(use);
    }

    /** Returns the name of the constant in the enum. */
    String constant() {
        return constant(rows);
    }

    /** Returns the name of the constant of a tile of equal width. */
    String constant(int otherRows) {
        return "T" + otherRows + "X" + vectors;
    }

    /** Returns the name of the method for this size. */
    String method(String kind) {
        return kind + rows + "x" + vectors;
    }

    /** Returns the name of the sum of a row and a vector. */
    String sum(int row, int vector) {
        return vectors == 1 ? "s" + row : "s" + row + vector;
    }

    /** A receiver of a sum of the tile. */
    @FunctionalInterface
    interface SumAction {
        void accept(int row, int vector, String sum);
    }

    /** Calls the action for every sum, row by row. */
    void forEachSum(SumAction action) {
        for (int row = 0; row < rows; row++) {
            for (int vector = 0; vector < vectors; vector++) {
                action.accept(row, vector, sum(row, vector));
            }
        }
    }

    /**
     * Writes one step of the inner loop: loads the columns, then multiplies each row's number by them and adds.
     *
     * @param columns the index of the first column in {@code b}
     * @param value the index of a row's number in {@code a}
     */
    void multiplyAdds(Source source, String columns, IntFunction<String> value) {
        for (int vector = 0; vector < vectors; vector++) {
            String index = columns + Index.plus(vector, "LANES");
            source.add("var b" + vector + " = FloatVector.fromArray(SPECIES, b, " + index + ");");
        }
        for (int row = 0; row < rows; row++) {
            source.add("var x" + row + " = FloatVector.broadcast(SPECIES, a[" + value.apply(row) + "]);");
            for (int vector = 0; vector < vectors; vector++) {
                source.add(multiplyAdd(sum(row, vector), "x" + row, "b" + vector));
            }
        }
    }

    /**
     * Returns a statement that adds a product to a sum. The choice is a constant, which costs nothing; a method would: tiles
     * are so large that the compiler inlines only those that the JDK demands.
     */
    static String multiplyAdd(String sum, String a, String b) {
        return "%1$s = FMA ? %2$s.fma(%3$s, %1$s) : %2$s.mul(%3$s).add(%1$s);".formatted(sum, a, b);
    }

    /** Returns a statement that stores a sum after a loop. */
    static String store(String sum, String place) {
        return "TYPE.cast(" + sum + ").intoArray(" + place + ");";
    }

    /** Describes the size in words. */
    String words(String row) {
        return rows + " " + (rows == 1 ? row : row.replaceFirst("\\w+", "$0s")) + " by " + vectors
                + (vectors == 1 ? " vector" : " vectors") + " of output channels";
    }
}
