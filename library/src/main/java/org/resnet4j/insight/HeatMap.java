package org.resnet4j.insight;

/**
 * A map of the importance of image regions for a class.
 *
 * @param height the number of rows
 * @param width the number of columns
 * @param values the values by rows, from 0 to 1; the largest is 1, or all are 0 if no region supports the class; not
 *     copied
 * @since 0.1.0
 */
public record HeatMap(int height, int width, float[] values) {
    /** The color scale from minimum to maximum: blue, green, yellow, orange, red, all visible on black and on white. */
    private static final int[][] COLORS = {
        {48, 60, 180}, {33, 145, 190}, {60, 175, 90}, {225, 195, 30}, {240, 125, 20}, {215, 25, 28}
    };

    public HeatMap {
        if (height < 1 || width < 1 || values.length != height * width) {
            throw new IllegalArgumentException(
                    values.length + " values are not a map of " + height + " rows and " + width + " columns");
        }
    }

    /** Returns true if no region supports the class. */
    public boolean isEmpty() {
        for (float value : values) {
            if (value > 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the color of a value, as {@code 0xRRGGBB}: from blue for 0 to red for 1.
     *
     * @param value from 0 to 1
     */
    public static int color(float value) {
        double place = value * (COLORS.length - 1);
        int below = Math.min(COLORS.length - 2, (int) place);
        int color = 0;
        for (int channel = 0; channel < 3; channel++) {
            int low = COLORS[below][channel];
            color = color << 8 | (int) Math.round(low + (place - below) * (COLORS[below + 1][channel] - low));
        }
        return color;
    }

    /** Returns the value at a position. */
    public float at(int row, int column) {
        return values[row * width + column];
    }

    /**
     * Returns this map in another size, with bilinear interpolation between pixel centers (PyTorch's
     * {@code align_corners=False}).
     */
    public HeatMap resized(int newHeight, int newWidth) {
        var resized = new float[newHeight * newWidth];
        for (int row = 0; row < newHeight; row++) {
            double y = place(row, newHeight, height);
            int top = (int) y;
            int bottom = Math.min(height - 1, top + 1);
            for (int column = 0; column < newWidth; column++) {
                double x = place(column, newWidth, width);
                int left = (int) x;
                int right = Math.min(width - 1, left + 1);
                double above = at(top, left) + (x - left) * (at(top, right) - at(top, left));
                double below = at(bottom, left) + (x - left) * (at(bottom, right) - at(bottom, left));
                resized[row * newWidth + column] = (float) (above + (y - top) * (below - above));
            }
        }
        return new HeatMap(newHeight, newWidth, resized);
    }

    private static double place(int index, int newSize, int size) {
        return Math.clamp((index + 0.5) * size / newSize - 0.5, 0, size - 1);
    }
}
