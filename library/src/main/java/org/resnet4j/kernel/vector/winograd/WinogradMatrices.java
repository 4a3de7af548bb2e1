package org.resnet4j.kernel.vector.winograd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.resnet4j.kernel.product.PackedColumns;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.parallel.Scratch;

/**
 * The transformed weights {@code G w Gᵀ}: one packed matrix {@code [in, out]} for each pair of distinct rows of G.
 *
 * @param array the matrices
 * @param size the distance between matrices
 * @param origin the start of the first matrix; a virtual start if only later panels are present
 */
record WinogradMatrices(float[] array, int size, int origin) {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private static final Scratch.Floats HALF = new Scratch.Floats();

    /** Returns all panels of a layer. */
    static WinogradMatrices of(WinogradLayer layer, float[] array) {
        return new WinogradMatrices(array, layer.panels().packedSize(layer.in()), 0);
    }

    /** Returns one panel of a layer. */
    static WinogradMatrices ofPanel(WinogradLayer layer, Panels.Panel panel, float[] array) {
        int origin = -layer.panels().packedOffset(panel, layer.in());
        return new WinogradMatrices(array, layer.in() * panel.width(), origin);
    }

    /** Returns some panels of one matrix. */
    PackedColumns matrix(int index, Panels panels, int fromPanel, int toPanel) {
        return new PackedColumns(panels, fromPanel, toPanel, array, origin + index * size);
    }

    /**
     * Transforms the weights of one input channel, for the output channels of a panel.
     *
     * @param w {@code [3, 3, in, out]}
     */
    void pack(WinogradLayer layer, int channel, Panels.Panel panel, float[] w, Scratch scratch) {
        double[][] g = layer.transform().weightMatrix();
        int to = origin + layer.panels().packedOffset(panel, layer.in()) + channel * panel.width();
        int row = layer.in() * layer.out();
        float[] half = scratch.get(HALF, 3 * g.length * LANES);
        for (int k = 0; k < panel.width(); k += LANES) {
            int from = channel * layer.out() + panel.first() + k;
            for (int column = 0; column < 3; column++) {
                var w0 = FloatVector.fromArray(SPECIES, w, from + column * row);
                var w1 = FloatVector.fromArray(SPECIES, w, from + (3 + column) * row);
                var w2 = FloatVector.fromArray(SPECIES, w, from + (6 + column) * row);
                for (int i = 0; i < g.length; i++) {
                    w0.mul((float) g[i][0])
                            .add(w1.mul((float) g[i][1]))
                            .add(w2.mul((float) g[i][2]))
                            .intoArray(half, (i * 3 + column) * LANES);
                }
            }
            for (int i = 0; i < g.length; i++) {
                var h0 = FloatVector.fromArray(SPECIES, half, i * 3 * LANES);
                var h1 = FloatVector.fromArray(SPECIES, half, (i * 3 + 1) * LANES);
                var h2 = FloatVector.fromArray(SPECIES, half, (i * 3 + 2) * LANES);
                for (int j = 0; j < g.length; j++) {
                    h0.mul((float) g[j][0])
                            .add(h1.mul((float) g[j][1]))
                            .add(h2.mul((float) g[j][2]))
                            .intoArray(array, (i * g.length + j) * size + to + k);
                }
            }
        }
    }
}
