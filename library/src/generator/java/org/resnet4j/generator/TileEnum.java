package org.resnet4j.generator;

import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** A writer of the enum of the register tiles: their sizes, and the rules for the order of tiles. */
final class TileEnum {
    private final Source source;

    private TileEnum(Source source) {
        this.source = source;
    }

    static Source write(Source source) {
        new TileEnum(source).write();
        return source;
    }

    private void write() {
        source.add("import org.jspecify.annotations.Nullable;").blank();
        source.javadoc("""
            The sizes of register tiles.

            <p>A tile of r rows and v vectors needs r·v registers for its sums and v + 1 more. Wide tiles read less per
            multiply-add, so channels are divided into the widest panels that fit, and narrower ones for the rest.\
            """);
        source.openOffered("enum Tile");
        source.add(Tiles.ALL.stream()
                .map(tile -> tile.constant() + "(" + tile.rows() + ", " + tile.vectors() + ")")
                .collect(Collectors.joining(",\n", "", ";\n")));
        source.javadoc("The number of rows: pixels in a product, window positions in an outer product.");
        source.offered("final int rows;").blank();
        source.javadoc("The number of vectors of output channels.");
        source.offered("final int vectors;").blank();
        source.add("""
            Tile(int rows, int vectors) {
                this.rows = rows;
                this.vectors = vectors;
            }
            """);
        following("rest", "the remaining rows", TileSize::rest);
        following("outerRest", "the remaining rows of an outer product", TileSize::outerRest);
        method("Returns the smallest tile of the outer products that follow.", "Tile outerLast()", """
            Tile rest = outerRest();
            return rest == null ? this : rest.outerLast();\
            """);
        method(
                "Returns the number of rows of an outer product for this tile, chosen so that the next one leaves the"
                        + " fewest over.",
                "int outerRows(int count)",
                """
                int all = count / rows * rows;
                Tile rest = outerRest();
                boolean oneFewer = rest != null && all > 0 && (count - all + rows) % rest.rows < (count - all) % rest.rows;
                return oneFewer ? all - rows : all;\
                """);
        method("Returns the smallest tile that follows.", "Tile last()", """
            Tile rest = rest();
            return rest == null ? this : rest.last();\
            """);
        choice();
        source.close();
    }

    private void following(String method, String purpose, ToIntFunction<TileSize> rest) {
        source.javadoc("Returns the tile for " + purpose + ", or null if they are computed in a spare tile.");
        source.add("@Nullable").openOffered("Tile " + method + "()").open("return switch (this)");
        for (TileSize tile : Tiles.ALL) {
            int rows = rest.applyAsInt(tile);
            if (rows > 0) {
                source.add("case " + tile.constant() + " -> " + tile.constant(rows) + ";");
            }
        }
        source.add("default -> null;").add("};").close().blank();
    }

    private void method(String documentation, String header, String body) {
        source.javadoc(documentation).openOffered(header).add(body).close().blank();
    }

    private void choice() {
        source.javadoc("Returns the tile for a panel of this width on a machine with 32 or 16 vector registers.");
        source.openOffered("static Tile of(int vectors, boolean manyRegisters)").open("return switch (vectors)");
        for (TileSize many : Tiles.with(TileSize.Use.MANY_REGISTERS)) {
            TileSize few = Tiles.with(TileSize.Use.FEW_REGISTERS).stream()
                    .filter(tile -> tile.vectors() == many.vectors())
                    .findFirst()
                    .orElseThrow();
            String chosen =
                    many.equals(few) ? many.constant() : "manyRegisters ? " + many.constant() + " : " + few.constant();
            source.add("case " + many.vectors() + " -> " + chosen + ";");
        }
        source.add("default -> throw new IllegalArgumentException(\"no tile is \" + vectors + \" vectors wide\");");
        source.add("};").close();
    }
}
