package org.resnet4j.training.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a {@link MetricsFile}: all epochs of a run, including those before it was resumed.
 *
 * @param epochs values by column name; an empty cell has no entry
 */
public record MetricsRows(List<Map<String, Double>> epochs) {
    public MetricsRows {
        epochs = List.copyOf(epochs);
    }

    /**
     * Reads a metrics file.
     *
     * @throws IOException if it cannot be read
     */
    public static MetricsRows read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        List<String> names = Arrays.asList(lines.getFirst().split(",", -1));
        var rows = new ArrayList<Map<String, Double>>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            var row = new LinkedHashMap<String, Double>();
            for (int i = 0; i < cells.length; i++) {
                if (!cells[i].isEmpty()) {
                    row.put(names.get(i), Double.valueOf(cells[i]));
                }
            }
            rows.add(row);
        }
        return new MetricsRows(rows);
    }

    /** Returns the number of epochs. */
    public int count() {
        return epochs.size();
    }

    /** Returns the value of a column in the last epoch; NaN if there is none. */
    public double last(String column) {
        return epochs.isEmpty() ? Double.NaN : epochs.getLast().getOrDefault(column, Double.NaN);
    }

    /** Returns the sum of a column over all epochs. */
    public double sum(String column) {
        return epochs.stream()
                .mapToDouble(epoch -> epoch.getOrDefault(column, 0.0))
                .sum();
    }
}
