package org.resnet4j.generator;

import static org.resnet4j.generator.Index.plus;

/** A writer of the tiles that sum over pixels. */
final class OuterTiles {
    private static final String PARAMETERS = """
        float[] a, int[] rows, int row, int count, int aOffset, float[] b, int bOffset, int bStride, float[] c, int cOffset,
        int cStride\
        """;
    private static final String ARGUMENTS = "a, rows, row, count, aOffset, b, bOffset, bStride, c, cOffset, cStride";

    private OuterTiles() {}

    static Source write(Source source) {
        source.add("""
            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.VectorSpecies;
            import org.resnet4j.kernel.FusedMultiplyAdd;
            import org.resnet4j.kernel.product.Tile;
            """);
        source.javadoc("""
            The register tiles that sum over pixels, for the weight gradient.

            <p>Each size is a separate method with named sums, the only form that the compiler keeps in registers.\
            """);
        source.openOffered("final class VectorOuterTiles");
        source.add("""
            private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
            private static final int LANES = SPECIES.length();
            """);
        source.add(TileSize.TYPE).add("""

            private VectorOuterTiles() {}
            """);
        source.javadoc("""
            Computes one tile of {@code c[m, n] += Σ a[rows[row + p] + aOffset + m] · b[p, n]}, over {@code count} pixels p.

            @param b rows of at least {@code vectors·LANES} floats, {@code bStride} apart, from {@code bOffset}
            @param c rows {@code cStride} apart, from {@code cOffset}\
            """);
        source.openOffered("static void outer(Tile tile, " + PARAMETERS + ")");
        TileDispatch.write(source, TileSize.Use.OUTER, "outer", ARGUMENTS);
        source.close();
        Tiles.with(TileSize.Use.OUTER).forEach(tile -> method(source, tile));
        return source.close();
    }

    private static void method(Source source, TileSize tile) {
        source.blank().javadoc("Computes " + tile.words("position of the window") + "; see {@link #outer}.");
        source.open("private static void " + tile.method("outer") + "(" + PARAMETERS + ")");
        tile.forEachSum((m, v, sum) ->
                source.add("var " + sum + " = FloatVector.fromArray(SPECIES, c, " + result(m, v) + ");"));
        source.open("for (int p = 0; p < count; p++)");
        source.add("int ap = rows[row + p] + aOffset;");
        tile.multiplyAdds(source, "bOffset + p * bStride", m -> m == 0 ? "ap" : "ap + " + m);
        source.close();
        tile.forEachSum((m, v, sum) -> source.add(TileSize.store(sum, "c, " + result(m, v))));
        source.close();
    }

    private static String result(int row, int vector) {
        return "cOffset" + plus(row, "cStride") + plus(vector, "LANES");
    }
}
