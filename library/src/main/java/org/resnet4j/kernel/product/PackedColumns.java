package org.resnet4j.kernel.product;

import org.resnet4j.kernel.product.Panels.Panel;

/**
 * The right factor of a product: the columns of panels {@code from} to {@code to - 1} of a packed matrix.
 *
 * @param array the packed matrix
 * @param offset the start of the matrix; a virtual start if only the panels from {@code from} are present
 */
public record PackedColumns(Panels panels, int from, int to, float[] array, int offset) {
    /**
     * Rows of one panel.
     *
     * @param offset the start of the first of these rows, each as long as the panel is wide
     */
    public record Rows(Panel panel, float[] array, int offset) {
        /** Returns these rows starting at a later row. */
        Rows from(int row) {
            return new Rows(panel, array, offset + row * panel.width());
        }
    }

    Rows rows(Panel panel, int depth) {
        return new Rows(panel, array, offset + panels.packedOffset(panel, depth));
    }
}
