package org.resnet4j.benchmarks;

import java.util.List;

/** The file with the metrics of a training run: a line of names, and a line for each epoch. */
final class Metrics {
    private Metrics() {}

    /** Returns the numbers of a column, one for each epoch. */
    static double[] column(String name, List<String> lines) {
        int column = List.of(lines.getFirst().split(",", -1)).indexOf(name);
        return lines.stream()
                .skip(1)
                .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[column]))
                .toArray();
    }
}
