package org.resnet4j.generator;

import java.util.List;

/** The table of generated classes: package, access, name and description of each. */
final class GeneratedClasses {
    private static final String LIBRARY = "library/src/main/java";
    private static final String VECTOR = "org.resnet4j.kernel.vector";
    private static final String PRODUCT = VECTOR + ".product";
    private static final String WINOGRAD = VECTOR + ".winograd";

    static final List<GeneratedClass> ALL = List.of(
            new GeneratedClass(LIBRARY, "org.resnet4j.kernel.product", true, "Tile", TileEnum::write),
            new GeneratedClass(LIBRARY, PRODUCT, true, "VectorProductTiles", ProductTiles::write),
            new GeneratedClass(LIBRARY, PRODUCT, true, "VectorOuterTiles", OuterTiles::write),
            new GeneratedClass(LIBRARY, PRODUCT, true, "VectorSquareTile", SquareTile::write),
            new GeneratedClass(LIBRARY, WINOGRAD, true, "WinogradPasses", TransformPasses::write),
            new GeneratedClass(LIBRARY, WINOGRAD, true, "WinogradGradientPasses", TransformPasses::writeGradient),
            transform(WINOGRAD, true, Transform2.DESCRIPTION),
            transform(WINOGRAD, true, Transform4.DESCRIPTION),
            transform(WINOGRAD, true, TransformStrided.DESCRIPTION),
            new GeneratedClass(LIBRARY, VECTOR, false, "VectorPairs", Pairs::write),
            new GeneratedClass(LIBRARY, VECTOR, false, "NormalizationPasses", NormalizationPasses::writeInterface),
            new GeneratedClass(LIBRARY, VECTOR, false, "VectorNormalizationPasses", NormalizationPasses::writeFloats),
            new GeneratedClass(LIBRARY, VECTOR, false, "PairNormalizationPasses", NormalizationPasses::writePairs));

    private GeneratedClasses() {}

    private static GeneratedClass transform(String packageName, boolean isPublic, Transform transform) {
        return new GeneratedClass(LIBRARY, packageName, isPublic, transform.name(), transform::write);
    }
}
