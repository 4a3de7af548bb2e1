package org.resnet4j.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Two columns of points of opposite sign. Each row has either equal or opposite coefficients in them, so it uses the
 * sum or the difference of their operands.
 *
 * @param first the number of the first column
 * @param name the name of the pair in the code
 */
record PairOfColumns(int first, String name) {
    /** Returns the pairs of a matrix. */
    static List<PairOfColumns> of(Matrix matrix) {
        var pairs = new ArrayList<PairOfColumns>();
        for (int column = 0; column + 1 < matrix.width(); column++) {
            if (isPair(matrix, column)) {
                pairs.add(new PairOfColumns(column, String.valueOf((char) ('p' + pairs.size()))));
                column++;
            }
        }
        return pairs;
    }

    private static boolean isPair(Matrix matrix, int column) {
        List<Coefficient> these = matrix.column(column);
        List<Coefficient> next = matrix.column(column + 1);
        return IntStream.range(0, matrix.height())
                .allMatch(row -> these.get(row).equals(next.get(row))
                        || these.get(row).equals(next.get(row).negated()));
    }

    /** Returns true if a row uses the difference. */
    boolean isDifference(List<Coefficient> row) {
        return !row.get(first).equals(row.get(first + 1));
    }

    /** Returns the name of the method that computes the operand of a row. */
    String method(List<Coefficient> row) {
        return isDifference(row) ? "sub" : "add";
    }

    /** Returns the sum of the operands of a row, with a pair as one operand. */
    static Terms terms(
            List<PairOfColumns> pairs,
            List<Coefficient> row,
            IntFunction<String> single,
            Function<PairOfColumns, String> paired) {
        var terms = new Terms();
        for (int column = 0; column < row.size(); column++) {
            int at = column;
            var pair = pairs.stream().filter(each -> each.first() == at).findFirst();
            if (!row.get(column).isZero()) {
                terms.add(row.get(column), pair.map(paired).orElseGet(() -> single.apply(at)));
            }
            if (pair.isPresent()) {
                column++;
            }
        }
        return terms;
    }

    /** Declares the sum and the difference of two operands, as {@code pSum} and {@code pDifference}. */
    void declare(Source source, String suffix, IntFunction<String> operand) {
        String left = operand.apply(first);
        String right = operand.apply(first + 1);
        source.add("var " + sumName(suffix) + " = " + left + ".add(" + right + ");");
        source.add("var " + differenceName(suffix) + " = " + left + ".sub(" + right + ");");
    }

    /** Returns the variable that a row uses, after {@link #declare}. */
    String declared(List<Coefficient> row, String suffix) {
        return isDifference(row) ? differenceName(suffix) : sumName(suffix);
    }

    private String sumName(String suffix) {
        return name + "Sum" + suffix;
    }

    private String differenceName(String suffix) {
        return name + "Difference" + suffix;
    }
}
