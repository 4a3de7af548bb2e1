package org.resnet4j.cli.report;

/**
 * An axis of a plot.
 *
 * @param title the quantity and its unit
 * @param logarithmic true for a logarithmic scale
 */
public record Axis(String title, boolean logarithmic) {}
