package org.resnet4j.generator;

import java.util.List;

/** The table of generated classes: package, name and description of each. */
final class GeneratedClasses {
    private static final String LIBRARY = "library/src/main/java";
    private static final String KERNEL = "org.resnet4j.kernel";

    static final List<GeneratedClass> ALL = List.of(
            new GeneratedClass(LIBRARY, KERNEL, "Tile", TileEnum::write),
            new GeneratedClass(LIBRARY, KERNEL, "VectorProductTiles", ProductTiles::write),
            new GeneratedClass(LIBRARY, KERNEL, "VectorOuterTiles", OuterTiles::write),
            new GeneratedClass(LIBRARY, KERNEL, "VectorSquareTile", SquareTile::write));

    private GeneratedClasses() {}
}
