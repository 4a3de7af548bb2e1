package org.resnet4j.kernel.product;

/**
 * The left factor of a product, whose rows are read in place. Row r consists of {@code taps} runs of {@code tapLength}
 * floats, {@code tapStride} apart, from {@code array[rows[r] + offset]}. A row of a matrix is one run; the window of a
 * pixel has one run for each row of the window.
 *
 * @param rows the start of each row, filled beyond the last by {@link Product#fillBeyond}
 * @param count the number of rows
 */
public record Windows(float[] array, int[] rows, int count, int offset, int taps, int tapStride, int tapLength) {
    /** Returns rows of {@code depth} floats, such as those of a matrix. */
    public static Windows ofRuns(float[] array, int[] rows, int count, int depth) {
        return new Windows(array, rows, count, 0, 1, 0, depth);
    }

    /** Returns the number of floats of a row. */
    public int depth() {
        return taps * tapLength;
    }

    /** Returns floats {@code from} to {@code to - 1} of one run of each row. */
    Windows part(int tap, int from, int to) {
        return new Windows(array, rows, count, offset + tap * tapStride + from, 1, 0, to - from);
    }
}
