package org.resnet4j.generator;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A matrix of a transform. */
record Matrix(List<List<Coefficient>> rows) {
    /** Parses a matrix: lines of coefficients separated by spaces. */
    static Matrix of(String lines) {
        return new Matrix(lines.lines()
                .map(row -> Arrays.stream(row.trim().split(" +"))
                        .map(Coefficient::parse)
                        .toList())
                .toList());
    }

    int height() {
        return rows.size();
    }

    int width() {
        return rows.getFirst().size();
    }

    Coefficient at(int row, int column) {
        return rows.get(row).get(column);
    }

    List<Coefficient> column(int column) {
        return rows.stream().map(row -> row.get(column)).toList();
    }

    Matrix transposed() {
        return new Matrix(IntStream.range(0, width()).mapToObj(this::column).toList());
    }

    /**
     * Returns true if a row and the next belong to points of opposite sign: equal in the even columns, opposite in the
     * odd ones. They are the sum and the difference of the products of the even and the odd columns.
     */
    boolean isPair(int row) {
        return row + 1 < height()
                && IntStream.range(0, width())
                        .allMatch(c -> at(row + 1, c)
                                .equals(c % 2 == 0 ? at(row, c) : at(row, c).negated()))
                && IntStream.range(0, width())
                        .anyMatch(c -> c % 2 == 1 && !at(row, c).isZero());
    }
}
