package org.resnet4j.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.resnet4j.cli.report.Series.Point;

/**
 * A plot of lines over a common x-axis.
 *
 * @param caption the caption above the plot
 * @param description the text alternative for screen readers
 * @param x the x-axis
 * @param y the y-axis
 * @param series the lines
 */
public record Plot(String caption, String description, Axis x, Axis y, List<Series> series) {
    public Plot {
        series = List.copyOf(series);
    }

    /** Returns the data for the page's script, without the points that a logarithmic axis or JSON cannot represent. */
    Map<String, Object> data() {
        var lines = new ArrayList<Map<String, Object>>();
        for (Series line : series) {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("name", line.name());
            entry.put("color", line.color());
            entry.put("dashed", line.dashed());
            entry.put(
                    "points",
                    line.points().stream()
                            .filter(this::isShown)
                            .map(point -> List.of(point.x(), point.y()))
                            .toList());
            lines.add(entry);
        }
        var data = new LinkedHashMap<String, Object>();
        data.put("x", data(x));
        data.put("y", data(y));
        data.put("series", lines);
        return data;
    }

    private static Map<String, Object> data(Axis axis) {
        var data = new LinkedHashMap<String, Object>(); // ordered, so that the page has the same bytes every time
        data.put("title", axis.title());
        data.put("logarithmic", axis.logarithmic());
        if (axis.min() != null) {
            data.put("min", axis.min());
        }
        if (axis.max() != null) {
            data.put("max", axis.max());
        }
        return data;
    }

    private boolean isShown(Point point) {
        return Double.isFinite(point.y()) && (!y.logarithmic() || point.y() > 0) && (!x.logarithmic() || point.x() > 0);
    }

    /** Returns the column headings of the table with the same data: x, then each line. */
    List<String> columns() {
        var columns = new ArrayList<String>();
        columns.add(x.title());
        series.forEach(line -> columns.add(line.name()));
        return columns;
    }

    /** Returns the rows of the table: one for each x of any line. */
    List<List<String>> rows() {
        var places = new TreeSet<Double>();
        series.forEach(line -> line.points().forEach(point -> places.add(point.x())));
        var rows = new ArrayList<List<String>>();
        for (double place : places) {
            var row = new ArrayList<String>();
            row.add(text(place));
            for (Series line : series) {
                row.add(line.points().stream()
                        .filter(point -> point.x() == place)
                        .findFirst()
                        .map(point -> text(point.y()))
                        .orElse(""));
            }
            rows.add(row);
        }
        return rows;
    }

    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString(Math.round(value))
                : String.format(Locale.ROOT, "%.4g", value);
    }
}
