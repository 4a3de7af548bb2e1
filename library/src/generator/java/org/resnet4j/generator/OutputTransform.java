package org.resnet4j.generator;

import static org.resnet4j.generator.Index.plus;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A writer of {@code y = max(least, Aᵀ m A + bias (+ y))}.
 *
 * <p>A small tile, whose matrix has no constants, is computed as a whole: {@code Aᵀ m} column by column, then all of y.
 * A large tile is computed some columns of y at a time: those columns of {@code m A} row by row, then the columns of y.
 */
final class OutputTransform {
    private static final String PARAMETERS = """
        float[] m, int from, int step, int count, int place, float[] y, int to, int targetStep, int rowFloats, int pixel,
        float[] bias, int biasAt, int biasStep, boolean add, float least\
        """;

    private final Source source;
    private final Matrix matrix;

    OutputTransform(Source source, Matrix matrix) {
        this.source = source;
        this.matrix = matrix;
    }

    void write(Schedule schedule) {
        boolean whole = schedule.constants().isEmpty();
        schedule.write(source, "output", PARAMETERS, part -> {
            begin();
            if (whole) {
                small();
            } else {
                columns(part);
            }
            source.close();
        });
    }

    private void begin() {
        source.add("""
            var floor = FloatVector.broadcast(SPECIES, least);
            float[] added = add ? y : ZEROS;
            int addedRow = add ? rowFloats : 0;
            int addedPixel = add ? pixel : 0;\
            """);
        source.open("for (int i = 0; i < count; i++)");
        source.add("int at = from + i * step;");
        source.add("int w0 = to + i * targetStep;");
        for (int row = 1; row < matrix.height(); row++) {
            source.add("int w" + row + " = w" + (row - 1) + " + rowFloats;");
        }
        source.add("int a0 = add ? w0 : 0;");
        for (int row = 1; row < matrix.height(); row++) {
            source.add("int a" + row + " = a" + (row - 1) + " + addedRow;");
        }
    }

    private void small() {
        declareBias();
        List<Integer> shared = IntStream.range(0, matrix.width())
                .filter(row -> matrix.column(row).stream()
                                .filter(each -> !each.isZero())
                                .count()
                        > 1)
                .boxed()
                .toList();
        for (int column = 0; column < matrix.width(); column++) {
            int at = column;
            for (int row : shared) {
                source.add("var m" + row + column + " = " + load(row, column) + ";");
            }
            for (int line = 0; line < matrix.height(); line++) {
                Terms sum =
                        Terms.of(matrix.rows().get(line), row -> shared.contains(row) ? "m" + row + at : load(row, at));
                source.add("var t" + line + column + " = " + sum.expression() + ";");
            }
        }
        for (int row = 0; row < matrix.height(); row++) {
            for (int column = 0; column < matrix.height(); column++) {
                int line = row;
                result(row, column, Terms.of(matrix.rows().get(column), at -> "t" + line + at));
            }
        }
        for (int row = 0; row < matrix.height(); row++) {
            for (int column = 0; column < matrix.height(); column++) {
                store(row, column);
            }
        }
    }

    /** Writes some columns of y, which all use the sums of the pairs of points, or all the differences. */
    private void columns(Part part) {
        List<PairOfColumns> pairs = PairOfColumns.of(matrix);
        List<Coefficient> seen = matrix.rows().get(part.lines().getFirst());
        for (int row = 0; row < matrix.width(); row++) {
            int line = row;
            for (PairOfColumns pair : pairs) {
                for (int column = pair.first(); column < pair.first() + 2; column++) {
                    source.add("var m" + row + column + " = " + load(row, column) + ";");
                }
            }
            for (PairOfColumns pair : pairs) {
                String second = "m" + row + (pair.first() + 1);
                source.add("var " + pair.name() + row + " = m" + row + pair.first() + "." + pair.method(seen) + "("
                        + second + ");");
            }
            for (int column : part.lines()) {
                Terms sum = PairOfColumns.terms(
                        pairs, matrix.rows().get(column), at -> load(line, at), pair -> pair.name() + line);
                source.add("var t" + row + column + " = " + sum.expression() + ";");
            }
        }
        declareBias();
        part.lines().forEach(column -> column(column, pairs));
    }

    private void column(int column, List<PairOfColumns> pairs) {
        String suffix = String.valueOf(column);
        pairs.forEach(pair -> pair.declare(source, suffix, row -> "t" + row + column));
        for (int row = 0; row < matrix.height(); row++) {
            List<Coefficient> coefficients = matrix.rows().get(row);
            result(
                    row,
                    column,
                    PairOfColumns.terms(
                            pairs, coefficients, at -> "t" + at + column, pair -> pair.declared(coefficients, suffix)));
            store(row, column);
        }
    }

    private void declareBias() {
        source.add("var b = FloatVector.fromArray(SPECIES, bias, biasAt + i * biasStep);");
    }

    private void result(int row, int column, Terms sum) {
        String added = "FloatVector.fromArray(SPECIES, added, a" + row + plus(column, "addedPixel") + ")";
        source.add("var y" + row + column + " = " + sum.expressionWith("b") + ".add(" + added + ");");
    }

    private void store(int row, int column) {
        String name = "y" + row + column;
        source.add(name + ".blend(floor, " + name + ".lt(floor)).intoArray(y, w" + row + plus(column, "pixel") + ");");
    }

    private String load(int row, int column) {
        return "FloatVector.fromArray(SPECIES, m, at" + plus(row * matrix.width() + column, "place") + ")";
    }
}
