package org.resnet4j.cli.report;

import org.jspecify.annotations.Nullable;

/**
 * An axis of a plot.
 *
 * @param title the quantity and its unit
 * @param logarithmic true for a logarithmic scale
 * @param min the lower end; null for the least value shown
 * @param max the upper end; null for the largest value shown
 */
public record Axis(
        String title,
        boolean logarithmic,
        @Nullable Double min,
        @Nullable Double max) {
    private static final double PERCENT = 100;

    /** Creates an axis that ends where the values do. */
    public Axis(String title, boolean logarithmic) {
        this(title, logarithmic, null, null);
    }

    /** Returns an axis that begins at 0, so that lengths can be compared. */
    public static Axis fromZero(String title) {
        return new Axis(title, false, 0.0, null);
    }

    /** Returns an axis from 0 to 100. */
    public static Axis percent(String title) {
        return new Axis(title, false, 0.0, PERCENT);
    }
}
