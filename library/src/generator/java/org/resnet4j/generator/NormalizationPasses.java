package org.resnet4j.generator;

/** A writer of the passes of batch normalization: a method for each combination of gate, shortcut and activation. */
final class NormalizationPasses {
    private NormalizationPasses() {}

    static Source write(Source source) {
        source.add("""
            import java.util.Arrays;
            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.VectorOperators;
            import jdk.incubator.vector.VectorSpecies;
            """);
        source.javadoc("""
            The passes of batch normalization over pixels {@code from} to {@code to - 1}, one vector of channels at a time.

            <p>Each combination of gate, shortcut and activation is a separate loop without branches.\
            """);
        source.openOffered("final class VectorNormalizationPasses");
        source.add("""
            private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
            private static final int LANES = SPECIES.length();

            private VectorNormalizationPasses() {}\
            """);
        new NormalizationForward(source).write();
        new NormalizationBackward(source).write();
        return source.close();
    }
}
