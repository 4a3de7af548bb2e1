package org.resnet4j.kernel.pairs;

import org.resnet4j.kernel.ConversionKernel;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Panels.Panel;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * Weights of a forward pass, rounded and packed: a row of a panel has the pairs of two input channels, one for each output
 * channel.
 *
 * @param panels the panels of a group's output channels
 */
record PairWeights(ConvolutionShape shape, Panels panels, ConversionKernel conversion) {
    private static final Scratch.Floats ROUNDED = new Scratch.Floats();

    private static final int PIECES = 16;
    private static final int LOWER = 0xffff;

    /** Returns the number of rows of one group: pairs of input channels at all positions of the window. */
    private int depth() {
        return shape.weightSize() / shape.outChannels() / 2;
    }

    int packedSize() {
        return shape.groups() * panels.packedSize(depth());
    }

    /**
     * Packs weights.
     *
     * @param w {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}
     */
    void pack(float[] w, float[] packed, Workers workers) {
        int depth = depth();
        int out = shape.outChannels();
        int groupOut = out / shape.groups();
        int pieces = Math.min(depth, PIECES);
        workers.run(pieces, (piece, scratch) -> {
            float[] rounded = scratch.get(ROUNDED, out);
            for (int row = piece * depth / pieces; row < (piece + 1) * depth / pieces; row++) {
                conversion.ofFloats(w, 2 * row * out, rounded, 0, 2 * out);
                for (int group = 0; group < shape.groups(); group++) {
                    int start = group * panels.packedSize(depth);
                    for (int p = 0; p < panels.count(); p++) {
                        Panel panel = panels.get(p);
                        int at = start + panels.packedOffset(panel, depth) + row * panel.width();
                        zip(rounded, (group * groupOut + panel.first()) / 2, out / 2, panel, packed, at);
                    }
                }
            }
        });
    }

    /**
     * Writes a row of a panel.
     *
     * @param rounded two rows of weights as pairs of output channels, {@code distance} apart, of which the first begins at
     *     {@code from}
     */
    private static void zip(float[] rounded, int from, int distance, Panel panel, float[] packed, int to) {
        for (int i = 0; i < panel.columns() / 2; i++) {
            int first = Float.floatToRawIntBits(rounded[from + i]);
            int second = Float.floatToRawIntBits(rounded[from + distance + i]);
            packed[to + 2 * i] = Float.intBitsToFloat(first & LOWER | second << Short.SIZE);
            packed[to + 2 * i + 1] = Float.intBitsToFloat(first >>> Short.SIZE | second & ~LOWER);
        }
        for (int column = panel.columns(); column < panel.width(); column++) {
            packed[to + column] = 0f;
        }
    }
}
