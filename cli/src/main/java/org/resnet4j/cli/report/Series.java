package org.resnet4j.cli.report;

import java.util.List;

/**
 * A line of a plot.
 *
 * @param name for the legend
 * @param color a number of the page's colors
 * @param dashed whether the line is broken
 * @param points in the order of x
 */
public record Series(String name, int color, boolean dashed, List<Point> points) {
    /** A point of a line. */
    public record Point(double x, double y) {}

    public Series {
        points = List.copyOf(points);
    }
}
