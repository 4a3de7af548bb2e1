package org.resnet4j.kernel.vector.product;

import org.resnet4j.kernel.vector.product.Panels.Panel;

/**
 * The right factor of a product: the columns of panels {@code from} to {@code to - 1} of a packed matrix.
 *
 * @param array holds the matrix as {@code panels} pack it
 * @param offset start of the matrix, or where it would start if only the panels from {@code from} on are there
 */
public record PackedColumns(Panels panels, int from, int to, float[] array, int offset) {
    /**
     * Rows of one panel.
     *
     * @param offset start of the first of these rows, each as long as the panel is wide
     */
    record Rows(Panel panel, float[] array, int offset) {
        /** The same from a later row on. */
        Rows from(int row) {
            return new Rows(panel, array, offset + row * panel.width());
        }
    }

    Rows rows(Panel panel, int depth) {
        return new Rows(panel, array, offset + panels.packedOffset(panel, depth));
    }
}
