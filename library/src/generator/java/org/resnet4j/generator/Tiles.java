package org.resnet4j.generator;

import static org.resnet4j.generator.TileSize.Use.FEW_REGISTERS;
import static org.resnet4j.generator.TileSize.Use.MANY_REGISTERS;
import static org.resnet4j.generator.TileSize.Use.OUTER;
import static org.resnet4j.generator.TileSize.Use.PRODUCT;

import java.util.List;

/** The table of register tiles. */
final class Tiles {
    /** All sizes. A line here writes the constant of {@code Tile} and the methods. */
    static final List<TileSize> ALL = List.of(
            TileSize.of(6, 4, PRODUCT, OUTER, MANY_REGISTERS, FEW_REGISTERS)
                    .withRest(4)
                    .withOuterRest(4),
            TileSize.of(4, 4, PRODUCT, OUTER).withRest(2),
            TileSize.of(2, 4, PRODUCT).withRest(1),
            TileSize.of(1, 4, PRODUCT),
            TileSize.of(8, 2, PRODUCT, OUTER, MANY_REGISTERS),
            TileSize.of(12, 1, PRODUCT, OUTER, MANY_REGISTERS),
            TileSize.of(16, 1, OUTER),
            TileSize.of(4, 2, PRODUCT, OUTER, FEW_REGISTERS),
            TileSize.of(8, 1, PRODUCT, OUTER, FEW_REGISTERS));

    private Tiles() {}

    /** Returns the sizes with a use. */
    static List<TileSize> with(TileSize.Use use) {
        return ALL.stream().filter(tile -> tile.has(use)).toList();
    }
}
