package org.resnet4j.cli.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.cli.report.Series;
import org.resnet4j.cli.report.Series.Point;

/**
 * The epochs of a run as its metrics.csv has them, those of before a resumption among them.
 *
 * @param epochs by the name of the column; an empty cell has no entry
 */
public record MetricsRows(List<Map<String, Double>> epochs) {
    public MetricsRows {
        epochs = List.copyOf(epochs);
    }

    /** Of a file that is there. */
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

    public int count() {
        return epochs.size();
    }

    /** A column, by epoch. */
    public Series series(String name, int color, boolean dashed, String column, double factor) {
        var points = new ArrayList<Point>();
        for (Map<String, Double> epoch : epochs) {
            Double number = epoch.get("epoch");
            Double value = epoch.get(column);
            if (number != null && value != null) {
                points.add(new Point(number, factor * value));
            }
        }
        return new Series(name, color, dashed, points);
    }

    /** What the last epoch has in a column; NaN where it has nothing. */
    public double last(String column) {
        return epochs.isEmpty() ? Double.NaN : epochs.getLast().getOrDefault(column, Double.NaN);
    }

    /** The sum of a column over all epochs. */
    public double sum(String column) {
        return epochs.stream()
                .mapToDouble(epoch -> epoch.getOrDefault(column, 0.0))
                .sum();
    }
}
