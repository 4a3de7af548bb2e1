package org.resnet4j.generator;

import static org.resnet4j.generator.Index.plus;
import static org.resnet4j.generator.Index.times;

/** A writer of the tiles that sum over window positions. */
final class ProductTiles {
    private static final String PARAMETERS = """
        float[] a, int[] rows, int row, int aOffset, int taps, int tapStride, int tapLength, float[] b, int bOffset,
        float[] c, int[] outs, int out, int cOffset, boolean accumulate\
        """;
    private static final String ARGUMENTS =
            "a, rows, row, aOffset, taps, tapStride, tapLength, b, bOffset, c, outs, out, cOffset, accumulate";

    private ProductTiles() {}

    static Source write(Source source) {
        source.add("""
            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.VectorSpecies;
            import org.resnet4j.kernel.FusedMultiplyAdd;
            import org.resnet4j.kernel.product.Tile;
            """);
        source.javadoc("""
            The register tiles that sum over window positions, for the forward pass and the input gradient.

            <p>Each size is a separate method with named sums, the only form that the compiler keeps in registers.\
            """);
        source.openOffered("final class VectorProductTiles");
        source.add("""
            private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
            private static final int LANES = SPECIES.length();
            """);
        source.add(TileSize.TYPE).add("""

            /** The initial sums without accumulation. A single code path for both cases keeps the sums in registers. */\
            """);
        int widest = Tiles.ALL.stream().mapToInt(TileSize::vectors).max().orElseThrow();
        source.add("private static final float[] ZEROS = new float[" + widest + " * LANES];")
                .blank();
        source.add("private VectorProductTiles() {}").blank();
        source.javadoc("""
            Computes one tile of {@code c[m, n] (+)= Σ a[rows[row + m] + aOffset + tap·tapStride + k] · b[tap, k, n]}, over
            all taps and all k below {@code tapLength}.

            @param b a packed panel, {@code [taps, tapLength, vectors·LANES]}, from {@code bOffset}
            @param outs the start of each row's results in {@code c}, from index {@code out}, to which {@code cOffset} is added
            @param accumulate true to add to {@code c}, false to overwrite it\
            """);
        source.openOffered("static void product(Tile tile, " + PARAMETERS + ")");
        TileDispatch.write(source, TileSize.Use.PRODUCT, "product", ARGUMENTS);
        source.close();
        Tiles.with(TileSize.Use.PRODUCT).forEach(tile -> method(source, tile));
        return source.close();
    }

    private static void method(Source source, TileSize tile) {
        source.blank().javadoc("Computes " + tile.words("pixel") + "; see {@link #product}.");
        source.open("private static void " + tile.method("product") + "(" + PARAMETERS + ")");
        for (int m = 0; m < tile.rows(); m++) {
            source.add("int a" + m + " = rows[row" + plus(m) + "] + aOffset;");
        }
        for (int m = 0; m < tile.rows(); m++) {
            source.add("int c" + m + " = outs[out" + plus(m) + "] + cOffset;");
        }
        source.add("float[] start = accumulate ? c : ZEROS;");
        for (int m = 0; m < tile.rows(); m++) {
            source.add("int z" + m + " = accumulate ? c" + m + " : 0;");
        }
        tile.forEachSum((m, v, sum) ->
                source.add("var " + sum + " = FloatVector.fromArray(SPECIES, start, z" + m + plus(v, "LANES") + ");"));
        source.open("for (int tap = 0; tap < taps; tap++)");
        source.open("for (int k = 0; k < tapLength; k++)");
        String pitch = times(tile.vectors(), "LANES");
        tile.multiplyAdds(source, "bOffset + k * " + pitch, m -> "a" + m + " + k");
        source.close();
        for (int m = 0; m < tile.rows(); m++) {
            source.add("a" + m + " += tapStride;");
        }
        source.add("bOffset += tapLength * " + pitch + ";");
        source.close();
        tile.forEachSum((m, v, sum) -> source.add(TileSize.store(sum, "c, c" + m + plus(v, "LANES"))));
        source.close();
    }
}
