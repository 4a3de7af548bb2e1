package org.resnet4j.kernel.vector.product;

/**
 * The left factor of a product: rows that are read where they lie. Row r consists of {@code taps} runs of {@code tapLength}
 * floats, {@code tapStride} apart, from {@code array[rows[r] + offset]}: a row of a matrix is one run, the window of a pixel
 * is one run for each row of the window.
 *
 * @param rows start of each row, filled beyond the last by {@link VectorProduct#fillBeyond}
 * @param count number of rows
 */
public record Windows(float[] array, int[] rows, int count, int offset, int taps, int tapStride, int tapLength) {
    /** Rows of {@code depth} floats, as those of a matrix. */
    public static Windows ofRuns(float[] array, int[] rows, int count, int depth) {
        return new Windows(array, rows, count, 0, 1, 0, depth);
    }

    /** Floats of a row. */
    int depth() {
        return taps * tapLength;
    }

    /** Floats {@code from} to {@code to - 1} of one run of each row. */
    Windows part(int tap, int from, int to) {
        return new Windows(array, rows, count, offset + tap * tapStride + from, 1, 0, to - from);
    }
}
