package org.resnet4j.kernel.product;

/**
 * The destination of a product: column n of row r is stored at {@code array[rows[r] + offset + n]}.
 *
 * @param rows the start of each row, filled beyond the last by {@link Product#fillBeyond}
 */
public record Results(float[] array, int[] rows, int offset) {
    /** Returns this destination starting at a later column. */
    public Results from(int column) {
        return new Results(array, rows, offset + column);
    }
}
