package org.resnet4j.generator;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The products with two rows of points of opposite sign: the sum and the difference of two halves. */
final class PairOfRows {
    private final List<Coefficient> row;
    private final IntFunction<String> operand;

    /**
     * Combines two rows.
     *
     * @param first the number of the first row
     * @param operand the Java expression that each column is multiplied by
     */
    PairOfRows(Matrix matrix, int first, IntFunction<String> operand) {
        this.row = matrix.rows().get(first);
        this.operand = operand;
    }

    /** Returns the sum over the even columns. */
    Terms even() {
        return half(0, Coefficient.ONE);
    }

    /** Returns the sum over the odd columns, without their common factor. */
    Terms odd() {
        return half(1, factor());
    }

    /** Returns the product with the first row. */
    Terms sum(String odd, String even) {
        return new Terms().add(factor(), odd).add(Coefficient.ONE, even);
    }

    /** Returns the product with the second row. */
    Terms difference(String odd, String even) {
        return new Terms().add(factor().negated(), odd).add(Coefficient.ONE, even);
    }

    private Terms half(int parity, Coefficient divisor) {
        var half = new Terms();
        columns(parity).forEach(column -> half.add(row.get(column).dividedBy(divisor), operand.apply(column)));
        return half;
    }

    /** Returns the common factor of the odd columns: the coefficient with the fewest letters. */
    private Coefficient factor() {
        return columns(1)
                .mapToObj(row::get)
                .min(Comparator.comparingInt(coefficient -> coefficient.factor().length()))
                .orElseThrow();
    }

    private IntStream columns(int parity) {
        return IntStream.range(0, row.size())
                .filter(column -> column % 2 == parity && !row.get(column).isZero());
    }
}
