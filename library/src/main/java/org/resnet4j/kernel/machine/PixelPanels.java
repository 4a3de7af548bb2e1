package org.resnet4j.kernel.machine;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PaddedImages;

/**
 * The panels of a convolution of padded images: up to 64 output channels each, with their weights in the order in which
 * the code reads them. Small groups are computed together, with zeros for the weights between them, because a vector of
 * 16 output channels costs the same when most of them are unused.
 */
final class PixelPanels {
    /** The output channels of the largest panel. */
    static final int WIDTH = TileCode.MOST_VECTORS * TileCode.LANES;

    private final ConvolutionShape shape;

    /** The elements that the processor multiplies and adds at once. */
    private final int atOnce;

    /** The groups that are computed together. */
    private final int together;

    private final List<Panel> panels = new ArrayList<>();
    private final int length;

    /** Copies weights to their panel. */
    @FunctionalInterface
    interface Copy {
        /**
         * Copies the weights of adjacent output channels.
         *
         * @param from the index of the first weight
         * @param to the index of the first weight in the panels, where the others follow at a distance of {@code atOnce}
         */
        void run(int from, int to, int count);
    }

    /**
     * A panel.
     *
     * @param index its number
     * @param firstInput the first input channel
     * @param inputs the input channels, filled up to a multiple of those that are multiplied at once
     * @param firstOutput the first output channel
     * @param outputs the number of output channels
     * @param weights the index of its weights
     */
    record Panel(int index, int firstInput, int inputs, int firstOutput, int outputs, int weights) {
        int vectors() {
            return Math.ceilDiv(outputs, TileCode.LANES);
        }

        /** Returns the output channels of the last vector. */
        int lastLanes() {
            return outputs - (vectors() - 1) * TileCode.LANES;
        }
    }

    /**
     * @param atOnce the elements that the processor multiplies and adds at once
     */
    PixelPanels(ConvolutionShape shape, int atOnce) {
        this.shape = shape;
        this.atOnce = atOnce;
        together = together();
        int groupIn = shape.inChannels() / shape.groups();
        int groupOut = shape.outChannels() / shape.groups();
        int at = 0;
        for (int group = 0; group < shape.groups(); group += together) {
            int last = Math.min(shape.groups(), group + together);
            int inputs = Math.ceilDiv((last - group) * groupIn, atOnce) * atOnce;
            for (int k = group * groupOut; k < last * groupOut; k += WIDTH) {
                int outputs = Math.min(WIDTH, last * groupOut - k);
                var panel = new Panel(panels.size(), group * groupIn, inputs, k, outputs, at);
                panels.add(panel);
                at = Math.addExact(at, length(panel));
            }
        }
        length = at;
    }

    /**
     * Returns the groups that are computed together: those that fill a vector, and whose channels begin where those
     * begin that are multiplied at once.
     */
    private int together() {
        int groupIn = shape.inChannels() / shape.groups();
        int groupOut = shape.outChannels() / shape.groups();
        int count = 1;
        while (count < shape.groups() && (count * groupIn % atOnce != 0 || count * groupOut < TileCode.LANES)) {
            count++;
        }
        return count;
    }

    List<Panel> list() {
        return panels;
    }

    /** Returns the number of weights of all panels. */
    int length() {
        return length;
    }

    /** Returns the number of weights of a panel. */
    int length(Panel panel) {
        return shape.kernelHeight() * shape.kernelWidth() * panel.inputs * panel.vectors() * TileCode.LANES;
    }

    /** Returns the bytes of an element. */
    int elementBytes() {
        return TileCode.STEP_BYTES / atOnce;
    }

    /** Returns true if the channels of adjacent window positions are adjacent. */
    private boolean isDense() {
        return together == shape.groups();
    }

    /** Returns the walk of a panel over a window in images of a layout. */
    PixelCall.Walk walk(Panel panel, PaddedImages x) {
        int columns = shape.kernelWidth();
        int bytes = elementBytes();
        int segment = panel.inputs * bytes;
        if (isDense()) {
            return new PixelCall.Walk(1, shape.kernelHeight(), columns * segment, x.rowLength() * bytes, 0);
        }
        int rowStride = (x.rowLength() - columns * x.pixelLength()) * bytes;
        return new PixelCall.Walk(shape.kernelHeight(), columns, segment, x.pixelLength() * bytes, rowStride);
    }

    /**
     * Packs weights of {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}. What is not copied must be
     * zero.
     */
    void pack(Copy copy) {
        int groupIn = shape.inChannels() / shape.groups();
        int groupOut = shape.outChannels() / shape.groups();
        for (Panel panel : panels) {
            int stepLength = panel.vectors() * TileCode.LANES * atOnce;
            int end = panel.firstOutput + panel.outputs;
            for (int position = 0; position < shape.kernelHeight() * shape.kernelWidth(); position++) {
                int to = panel.weights + position * (panel.inputs / atOnce) * stepLength;
                int k = panel.firstOutput;
                while (k < end) {
                    // The rest of the group, all of whose channels have the same inputs.
                    int count = Math.min(end, (k / groupOut + 1) * groupOut) - k;
                    int first = k / groupOut * groupIn - panel.firstInput;
                    for (int c = 0; c < groupIn; c++) {
                        int step = (first + c) / atOnce;
                        int at = to + step * stepLength + (k - panel.firstOutput) * atOnce + (first + c) % atOnce;
                        copy.run((position * groupIn + c) * shape.outChannels() + k, at, count);
                    }
                    k += count;
                }
            }
        }
    }
}
