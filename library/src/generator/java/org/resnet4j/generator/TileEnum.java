package org.resnet4j.generator;

import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** Writes the enum of the register tiles: their sizes, and the rules by which one follows another. */
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
            The sizes of register tile.

            <p>A tile of r rows and v vectors needs r·v registers for its sums and v + 1 more. Wide tiles read less per
            multiply-add, so channels are cut into the widest panels that fit, and a narrow rest.\
            """);
        source.openOffered("enum Tile");
        source.add(Tiles.ALL.stream()
                .map(tile -> tile.constant() + "(" + tile.rows() + ", " + tile.vectors() + ")")
                .collect(Collectors.joining(",\n", "", ";\n")));
        source.javadoc("Rows: pixels in a product, places of the window in an outer product.");
        source.offered("final int rows;").blank();
        source.javadoc("Vectors of output channels.");
        source.offered("final int vectors;").blank();
        source.add("""
            Tile(int rows, int vectors) {
                this.rows = rows;
                this.vectors = vectors;
            }
            """);
        following("rest", "rows that are left over", TileSize::rest);
        following("outerRest", "rows of an outer product that are left over", TileSize::outerRest);
        method("Returns the smallest tile of outer products that follows.", "Tile outerLast()", """
            Tile rest = outerRest();
            return rest == null ? this : rest.outerLast();\
            """);
        method(
                "Returns how many rows of an outer product the tile takes, so that the next one leaves the fewest"
                        + " over.",
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
        source.javadoc("Returns the tile for " + purpose + ", or null where they are computed aside.");
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
        source.javadoc("Returns the tile for a panel of so many vectors on a machine with 32 or 16 vector registers.");
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
