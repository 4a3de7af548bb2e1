package org.resnet4j.generator;

import static org.resnet4j.generator.Index.plus;

import java.util.List;

/**
 * A writer of {@code w += Gᵀ u G}, a row of w at a time: that row of {@code Gᵀ u} column by column, then the row of w.
 */
final class WeightTransform {
    private static final String PARAMETERS = "float[] u, int from, int count, int place, float[] w, int to, int weight";

    private final Source source;
    private final Matrix matrix;
    private final List<PairOfColumns> pairs;

    /** @param matrix Gᵀ */
    WeightTransform(Source source, Matrix matrix) {
        this.source = source;
        this.matrix = matrix;
        this.pairs = PairOfColumns.of(matrix);
    }

    void write(Schedule schedule) {
        schedule.write(source, "weights", PARAMETERS, part -> {
            source.open("for (int c = 0; c < count * LANES; c += LANES)");
            source.add("int at = from + c;");
            source.add("int out = to + c;");
            part.lines().forEach(this::row);
            source.close();
        });
    }

    private void row(int row) {
        List<Coefficient> coefficients = matrix.rows().get(row);
        for (int column = 0; column < matrix.width(); column++) {
            int at = column;
            for (PairOfColumns pair : pairs) {
                source.add("var " + pair.name() + column + " = " + load(pair.first(), column) + "."
                        + pair.method(coefficients) + "(" + load(pair.first() + 1, column) + ");");
            }
            Terms sum = PairOfColumns.terms(pairs, coefficients, line -> load(line, at), pair -> pair.name() + at);
            source.add("var h" + column + " = " + sum.expression() + ";");
        }
        pairs.forEach(pair -> pair.declare(source, "", column -> "h" + column));
        for (int column = 0; column < matrix.height(); column++) {
            List<Coefficient> second = matrix.rows().get(column);
            String index = "out" + plus(row * matrix.height() + column, "weight");
            Terms sum = PairOfColumns.terms(pairs, second, line -> "h" + line, pair -> pair.declared(second, ""));
            source.add(sum.expressionWith("FloatVector.fromArray(SPECIES, w, " + index + ")") + ".intoArray(w, " + index
                    + ");");
        }
    }

    private String load(int row, int column) {
        return "FloatVector.fromArray(SPECIES, u, at" + plus(row * matrix.width() + column, "place") + ")";
    }
}
