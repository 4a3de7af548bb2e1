package org.resnet4j.kernel.vector.product;

/**
 * The destination of a product: column n of row r is stored at {@code array[rows[r] + offset + n]}.
 *
 * @param rows the start of each row, filled beyond the last by {@link VectorProduct#fillBeyond}
 */
public record Results(float[] array, int[] rows, int offset) {
    /** Returns this destination starting at a later column. */
    Results from(int column) {
        return new Results(array, rows, offset + column);
    }
}
