package org.resnet4j.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A drawing of matrices side by side for javadoc, as in {@code Bᵀ = | 1 0 -1 0 |}. */
final class Drawing {
    private static final List<String> POWERS = List.of("", "", "²", "³", "⁴");
    private static final Pattern POWER = Pattern.compile("(\\p{Lower})\\1*");

    private final List<String> lines = new ArrayList<>();

    Drawing add(String name, Matrix matrix) {
        int indent = lines.stream().mapToInt(String::length).max().orElse(0) + 2;
        while (lines.size() < matrix.height()) {
            lines.add("");
        }
        List<Integer> widths = matrix.transposed().rows().stream()
                .map(column -> column.stream()
                        .mapToInt(each -> text(each).length())
                        .max()
                        .orElseThrow())
                .toList();
        for (int row = 0; row < matrix.height(); row++) {
            String label = row == matrix.height() / 2 ? name + " = " : " ".repeat(name.length() + 3);
            List<Coefficient> coefficients = matrix.rows().get(row);
            String cells = IntStream.range(0, matrix.width())
                    .mapToObj(column -> centered(text(coefficients.get(column)), widths.get(column)))
                    .collect(Collectors.joining(" "));
            String left = lines.get(row);
            lines.set(row, left + " ".repeat(indent - left.length()) + label + "| " + cells + " |");
        }
        return this;
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }

    private static String text(Coefficient coefficient) {
        return POWER.matcher(coefficient.toString())
                .replaceAll(power -> power.group(1) + POWERS.get(power.group().length()));
    }

    private static String centered(String text, int width) {
        int left = (width - text.length()) / 2;
        return " ".repeat(left) + text + " ".repeat(width - text.length() - left);
    }
}
