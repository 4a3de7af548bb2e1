package org.resnet4j.generator;

import java.util.List;

/** The table of generated classes: package, access, name and description of each. */
final class GeneratedClasses {
    private static final String LIBRARY = "library/src/main/java";
    private static final String KERNEL = "org.resnet4j.kernel";

    static final List<GeneratedClass> ALL = List.of(
            new GeneratedClass(LIBRARY, KERNEL, false, "Tile", TileEnum::write),
            new GeneratedClass(LIBRARY, KERNEL, false, "VectorProductTiles", ProductTiles::write),
            new GeneratedClass(LIBRARY, KERNEL, false, "VectorOuterTiles", OuterTiles::write),
            new GeneratedClass(LIBRARY, KERNEL, false, "VectorSquareTile", SquareTile::write),
            transform(KERNEL, false, Transform2.DESCRIPTION),
            transform(KERNEL, false, Transform4.DESCRIPTION),
            transform(KERNEL, false, TransformStrided.DESCRIPTION),
            new GeneratedClass(LIBRARY, KERNEL, false, "VectorNormalizationPasses", NormalizationPasses::write));

    private GeneratedClasses() {}

    private static GeneratedClass transform(String packageName, boolean isPublic, Transform transform) {
        return new GeneratedClass(LIBRARY, packageName, isPublic, transform.name(), transform::write);
    }
}
