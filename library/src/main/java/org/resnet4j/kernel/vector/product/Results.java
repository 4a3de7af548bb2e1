package org.resnet4j.kernel.vector.product;

/**
 * Where a product is stored: column n of row r at {@code array[rows[r] + offset + n]}.
 *
 * @param rows start of each row, filled beyond the last by {@link VectorProduct#fillBeyond}
 */
public record Results(float[] array, int[] rows, int offset) {
    /** The same from a later column on. */
    Results from(int column) {
        return new Results(array, rows, offset + column);
    }
}
