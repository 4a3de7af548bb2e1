package org.resnet4j.training.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.weights.MalformedFileException;

/**
 * The rows of a {@link MetricsFile}: all epochs of a run, including those before a resumption.
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
     * @throws MalformedFileException if it has no header, a row of another length, or a cell that is not a number
     * @throws IOException if it cannot be read
     */
    public static MetricsRows read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (lines.isEmpty()) {
            throw new MalformedFileException(file, "has no header");
        }
        String[] names = lines.getFirst().split(",", -1);
        var rows = new ArrayList<Map<String, Double>>();
        for (int line = 1; line < lines.size(); line++) {
            String[] cells = lines.get(line).split(",", -1);
            if (cells.length != names.length) {
                throw new MalformedFileException(
                        file,
                        "line " + (line + 1) + " has " + cells.length + " cells, and the header has " + names.length);
            }
            rows.add(row(file, line + 1, names, cells));
        }
        return new MetricsRows(rows);
    }

    private static Map<String, Double> row(Path file, int line, String[] names, String[] cells)
            throws MalformedFileException {
        var row = new LinkedHashMap<String, Double>();
        for (int i = 0; i < cells.length; i++) {
            if (!cells[i].isEmpty()) {
                try {
                    row.put(names[i], Double.valueOf(cells[i]));
                } catch (NumberFormatException unreadable) {
                    throw new MalformedFileException(
                            file, "line " + line + ", " + names[i] + ": '" + cells[i] + "' is not a number");
                }
            }
        }
        return row;
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
