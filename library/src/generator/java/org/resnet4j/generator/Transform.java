package org.resnet4j.generator;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Winograd transform: {@code y = Aᵀ [ (G w Gᵀ) ⊙ (Bᵀ x B) ] A}.
 *
 * @param name the simple name of the class
 * @param documentation its javadoc, with {@code %s} for the drawing of the matrices
 * @param stride the distance between output pixels, in pixels of the input
 * @param matrices Bᵀ, G and Aᵀ
 * @param fields Java declarations of G and of the constants of the schedules; empty if the matrices contain only
 *     numbers
 * @param input the methods for {@code Bᵀ x B}, a row at a time
 * @param output the methods for {@code Aᵀ m A}, some columns at a time or as a whole
 * @param training the methods for the weight gradient, if the transform has it
 */
record Transform(
        String name,
        String documentation,
        int stride,
        Matrices matrices,
        String fields,
        Schedule input,
        Schedule output,
        Optional<Training> training) {
    /** The matrices of a transform. */
    record Matrices(Matrix bt, Matrix g, Matrix at) {}

    /**
     * The schedules of the weight gradient.
     *
     * @param gradient the methods for {@code A dy Aᵀ}, a row at a time
     * @param weights the methods for {@code Gᵀ u G}, a row at a time
     */
    record Training(Schedule gradient, Schedule weights) {}

    Source write(Source source) {
        Matrix bt = matrices.bt();
        Matrix g = matrices.g();
        Matrix at = matrices.at();
        source.add("""
            import jdk.incubator.vector.FloatVector;
            import jdk.incubator.vector.VectorSpecies;
            """);
        Drawing drawing = new Drawing().add("Bᵀ", bt).add("G", g).add("Aᵀ", at);
        source.javadoc(documentation.formatted("<pre>\n" + drawing + "\n</pre>"));
        String type = training.isPresent() ? "WinogradGradientTransform" : "WinogradTransform";
        source.openOffered("final class " + name + " implements " + type);
        fields(source);
        properties(source);
        new SquareTransform(source, bt, "x").write("input", input);
        new OutputTransform(source, at).write(output);
        training.ifPresent(schedules -> {
            new SquareTransform(source, at.transposed(), "dy").write("gradient", schedules.gradient());
            new WeightTransform(source, g.transposed()).write(schedules.weights());
        });
        return source.close();
    }

    private void fields(Source source) {
        source.add("""
            private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
            private static final int LANES = SPECIES.length();

            /** The addend if nothing is added. */
            private static final float[] ZEROS = new float[LANES];
            """);
        if (fields.isEmpty()) {
            String rows = differentRows().stream().map(Transform::numbers).collect(Collectors.joining(", "));
            source.add("private static final double[][] G = {" + rows + "};");
            if (repeatsRows()) {
                source.add("private static final int[] WEIGHT_ROWS = {" + join(weightRows()) + "};");
            }
        } else {
            source.add(fields);
        }
    }

    private void properties(Source source) {
        property(
                source,
                "String algorithm()",
                "\"winograd %1$dx%1$d\"".formatted(matrices.at().height()));
        property(source, "int outputs()", String.valueOf(matrices.at().height()));
        if (stride != 1) {
            property(source, "int stride()", String.valueOf(stride));
        }
        property(source, "double[][] weightMatrix()", "G");
        if (repeatsRows()) {
            property(source, "int[] weightRows()", "WEIGHT_ROWS.clone()");
        }
        property(source, "int[] leastOutputs()", "new int[] {" + join(leastOutputs()) + "}");
    }

    private static void property(Source source, String method, String value) {
        source.blank()
                .add("@Override")
                .open("public " + method)
                .add("return " + value + ";")
                .close();
    }

    private List<List<Coefficient>> differentRows() {
        return matrices.g().rows().stream().distinct().toList();
    }

    private boolean repeatsRows() {
        return differentRows().size() < matrices.g().height();
    }

    private List<Integer> weightRows() {
        return matrices.g().rows().stream().map(differentRows()::indexOf).toList();
    }

    /** Returns for each column of Aᵀ the first output that it contributes to, counted from 1. */
    private List<Integer> leastOutputs() {
        return matrices.at().transposed().rows().stream()
                .map(column -> 1
                        + IntStream.range(0, column.size())
                                .filter(row -> !column.get(row).isZero())
                                .findFirst()
                                .orElseThrow())
                .toList();
    }

    private static String numbers(List<Coefficient> row) {
        return "{" + join(row) + "}";
    }

    private static String join(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
