package org.resnet4j.cli.report;

/**
 * An axis of a plot.
 *
 * @param title what it shows, and in which unit
 * @param logarithmic whether equal steps are equal factors
 */
public record Axis(String title, boolean logarithmic) {}
