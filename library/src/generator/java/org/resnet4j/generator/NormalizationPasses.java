package org.resnet4j.generator;

import java.util.List;
import java.util.stream.Stream;

/** A writer of the passes of batch normalization: a method for each combination of gate, shortcut and activation. */
final class NormalizationPasses {
    private static final List<Pass> PASSES = Stream.concat(
                    NormalizationForward.passes().stream(), NormalizationBackward.passes().stream())
            .toList();

    private NormalizationPasses() {}

    static Source writeInterface(Source source) {
        source.javadoc("""
            The passes of batch normalization over pixels {@code from} to {@code to - 1}.

            <p>Each combination of gate, shortcut and activation is a separate loop without branches.\
            """);
        source.openOffered("interface NormalizationPasses");
        PASSES.forEach(pass -> pass.declare(source));
        return source.close();
    }

    static Source writeFloats(Source source) {
        return write(
                source,
                Storage.FLOATS,
                "VectorNormalizationPasses",
                "The passes over feature maps in float32, one vector of channels at a time.");
    }

    static Source writePairs(Source source) {
        return write(
                source,
                Storage.PAIRS,
                "PairNormalizationPasses",
                "The passes over feature maps in bfloat16, one vector of channels at a time.");
    }

    private static Source write(Source source, Storage storage, String name, String documentation) {
        source.add("""
            import static org.resnet4j.kernel.vector.product.VectorFma.fma;

            import java.util.Arrays;
            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.IntVector;
            import jdk.incubator.vector.VectorOperators;
            import jdk.incubator.vector.VectorSpecies;
            import org.resnet4j.kernel.BFloat16Pairs;
            import org.resnet4j.kernel.FusedMultiplyAdd;
            """);
        source.javadoc(documentation).openOffered("final class " + name + " implements NormalizationPasses");
        source.add("""
            private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
            private static final int LANES = SPECIES.length();

            /** The channels up to which a pixel is shorter than the loop over them is worth. Longer ones are read in order. */
            private static final int NARROW = 64;\
            """);
        PASSES.forEach(pass -> pass.implement(source, storage));
        return source.close();
    }
}
