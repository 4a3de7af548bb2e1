package org.resnet4j.insight;

/**
 * How much each place of an image speaks for a class.
 *
 * @param height rows
 * @param width columns
 * @param values row by row, from 0 to 1, the largest 1; all 0 where nothing speaks for the class. Not copied
 */
public record HeatMap(int height, int width, float[] values) {
    public HeatMap {
        if (height < 1 || width < 1 || values.length != height * width) {
            throw new IllegalArgumentException(
                    values.length + " values are no map of " + height + " rows and " + width + " columns");
        }
    }

    /** Whether nothing speaks for the class. */
    public boolean isEmpty() {
        for (float value : values) {
            if (value > 0) {
                return false;
            }
        }
        return true;
    }

    /** The value at a place. */
    public float at(int row, int column) {
        return values[row * width + column];
    }

    /** The same in another size, bilinear between the centers of places (PyTorch's {@code align_corners=False}). */
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
