package org.resnet4j.generator;

import static org.resnet4j.generator.Index.plus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A writer of {@code M x Mᵀ} for a square x of pixels: the input transform with M = Bᵀ, the gradient transform with M =
 * A. Each row of {@code M x} is multiplied by Mᵀ and stored immediately.
 */
final class SquareTransform {
    private final Source source;
    private final Matrix matrix;
    private final String array;

    /**
     * Writes one transform.
     *
     * @param array the name of the array of pixels
     */
    SquareTransform(Source source, Matrix matrix, String array) {
        this.source = source;
        this.matrix = matrix;
        this.array = array;
    }

    void write(String method, Schedule schedule) {
        String parameters = "float[] " + array + ", int from, int step, int count, int rowFloats, int pixel, "
                + "float[] target, int to, int targetStep, int place";
        schedule.write(source, method, parameters, this::body);
    }

    private void body(Part part) {
        source.open("for (int i = 0; i < count; i++)");
        source.add("int r0 = from + i * step;");
        int lastPixelRow =
                part.lines().stream().mapToInt(this::lastPixelRow).max().orElseThrow();
        for (int row = 1; row <= lastPixelRow; row++) {
            source.add("int r" + row + " = r" + (row - 1) + " + rowFloats;");
        }
        source.add("int at = to + i * targetStep;");
        if (part.isPair()) {
            pair(part.lines().getFirst());
        } else {
            List<Integer> shared = shared(part);
            for (int pixelRow : shared) {
                for (int column = 0; column < matrix.width(); column++) {
                    source.add("var " + pixelName(pixelRow, column) + " = " + load(pixelRow, column) + ";");
                }
            }
            part.lines().forEach(row -> row(row, shared));
        }
        source.close();
    }

    private int lastPixelRow(int row) {
        return IntStream.range(0, matrix.width())
                .filter(column -> !matrix.at(row, column).isZero())
                .max()
                .orElseThrow();
    }

    /** Returns the rows of pixels that more than one row of the part reads; they are loaded first. */
    private List<Integer> shared(Part part) {
        return IntStream.range(0, matrix.width())
                .filter(pixelRow -> part.lines().stream()
                                .filter(row -> !matrix.at(row, pixelRow).isZero())
                                .count()
                        > 1)
                .boxed()
                .toList();
    }

    private void row(int row, List<Integer> shared) {
        var values = new ArrayList<String>();
        for (int column = 0; column < matrix.width(); column++) {
            int at = column;
            Terms sum = Terms.of(
                    matrix.rows().get(row),
                    pixelRow -> shared.contains(pixelRow) ? pixelName(pixelRow, at) : load(pixelRow, at));
            boolean isShared = sum.isOperand() && shared.contains(lastPixelRow(row));
            values.add(isShared ? sum.expression() : named(letter(row) + column, sum));
        }
        multiplyRow(row, values);
    }

    private void pair(int row) {
        var first = new ArrayList<String>();
        var second = new ArrayList<String>();
        for (int column = 0; column < matrix.width(); column++) {
            int at = column;
            var halves = new PairOfRows(matrix, row, pixelRow -> load(pixelRow, at));
            String even = named("even" + column, halves.even());
            String odd = named("odd" + column, halves.odd());
            first.add(named(letter(row) + column, halves.sum(odd, even)));
            second.add(named(letter(row + 1) + column, halves.difference(odd, even)));
        }
        multiplyRow(row, first);
        multiplyRow(row + 1, second);
    }

    /** Multiplies a row of {@code M x} by Mᵀ and stores it. */
    private void multiplyRow(int row, List<String> values) {
        IntFunction<String> value = values::get;
        for (int column = 0; column < matrix.height(); column++) {
            int place = row * matrix.height() + column;
            var halves = new PairOfRows(matrix, column, value);
            if (matrix.isPair(column)) {
                String even = namedUnlessOperand(letter(row) + "Even" + column, halves.even());
                String odd = namedUnlessOperand(letter(row) + "Odd" + column, halves.odd());
                store(halves.sum(odd, even), place);
                store(halves.difference(odd, even), place + 1);
                column++;
            } else {
                store(Terms.of(matrix.rows().get(column), value), place);
            }
        }
    }

    private void store(Terms sum, int place) {
        source.add(sum.expression() + ".intoArray(target, at" + plus(place, "place") + ");");
    }

    private String named(String name, Terms sum) {
        source.add("var " + name + " = " + sum.expression() + ";");
        return name;
    }

    private String namedUnlessOperand(String name, Terms sum) {
        return sum.isOperand() ? sum.expression() : named(name, sum);
    }

    private String load(int row, int column) {
        return "FloatVector.fromArray(SPECIES, " + array + ", r" + row + plus(column, "pixel") + ")";
    }

    private String pixelName(int row, int column) {
        return array + row + column;
    }

    private static String letter(int row) {
        return String.valueOf((char) ('a' + row));
    }
}
