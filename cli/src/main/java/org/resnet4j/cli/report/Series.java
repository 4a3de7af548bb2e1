package org.resnet4j.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.resnet4j.training.log.MetricsRows;

/**
 * A line of a plot.
 *
 * @param name the name in the legend
 * @param color the index of the color in the page's palette
 * @param dashed true for a dashed line
 * @param points the points, ordered by x
 */
public record Series(String name, int color, boolean dashed, List<Point> points) {
    /** A point of a line. */
    public record Point(double x, double y) {}

    public Series {
        points = List.copyOf(points);
    }

    /** Returns the points of a column of a run's metrics, by epoch. */
    public static List<Point> byEpoch(MetricsRows rows, String column, double factor) {
        var points = new ArrayList<Point>();
        for (Map<String, Double> epoch : rows.epochs()) {
            Double number = epoch.get("epoch");
            Double value = epoch.get(column);
            if (number != null && value != null) {
                points.add(new Point(number, factor * value));
            }
        }
        return points;
    }
}
