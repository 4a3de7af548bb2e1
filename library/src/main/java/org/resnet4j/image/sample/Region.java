package org.resnet4j.image.sample;

/**
 * Part of a picture, in pixels.
 *
 * @param x the first column
 * @param y the first row
 */
public record Region(int x, int y, int width, int height) {}
