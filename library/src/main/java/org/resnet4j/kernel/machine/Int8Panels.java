package org.resnet4j.kernel.machine;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.kernel.ByteImages;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Weights;

/**
 * The panels of a quantized convolution: up to 64 output channels each, with their weights in the order in which the
 * code reads them. Small groups are computed together, with zeros for the weights between them, because a vector of 16
 * output channels costs the same when most of them are unused.
 */
final class Int8Panels {
    /** The output channels of the largest panel. */
    static final int WIDTH = TileCode.MOST_VECTORS * TileCode.LANES;

    /** The bytes of a vector of weights: four of each output channel. */
    private static final int VECTOR_BYTES = TileCode.LANES * ByteImages.QUAD;

    private final ConvolutionShape shape;

    /** The groups that are computed together. */
    private final int together;

    private final byte[] weights;
    private final float[] constants;
    private final List<Panel> panels = new ArrayList<>();

    /**
     * A panel.
     *
     * @param firstInput the first input channel
     * @param inputs the input channels, filled up to a multiple of four
     * @param firstOutput the first output channel
     * @param outputs the number of output channels
     * @param weights the position of its weights
     * @param constants the position of its constants
     */
    record Panel(int firstInput, int inputs, int firstOutput, int outputs, int weights, int constants) {
        int vectors() {
            return Math.ceilDiv(outputs, TileCode.LANES);
        }

        /** Returns the output channels of the last vector. */
        int lastLanes() {
            return outputs - (vectors() - 1) * TileCode.LANES;
        }
    }

    Int8Panels(ConvolutionShape shape, Int8Weights source) {
        this.shape = shape;
        together = together(shape);
        int groupIn = shape.inChannels() / shape.groups();
        int groupOut = shape.outChannels() / shape.groups();
        int at = 0;
        for (int group = 0; group < shape.groups(); group += together) {
            int last = Math.min(shape.groups(), group + together);
            int inputs = filled((last - group) * groupIn);
            for (int k = group * groupOut; k < last * groupOut; k += WIDTH) {
                int outputs = Math.min(WIDTH, last * groupOut - k);
                var panel = new Panel(group * groupIn, inputs, k, outputs, at, panels.size() * Int8Code.CONSTANTS);
                panels.add(panel);
                at = Math.addExact(at, bytes(panel));
            }
        }
        weights = new byte[at];
        constants = new float[panels.size() * Int8Code.CONSTANTS];
        panels.forEach(panel -> pack(panel, source));
    }

    private static int filled(int channels) {
        return Math.ceilDiv(channels, ByteImages.QUAD) * ByteImages.QUAD;
    }

    /** Returns the groups that are computed together: those that fill a vector, and whose channels begin at a quad. */
    private static int together(ConvolutionShape shape) {
        int groupIn = shape.inChannels() / shape.groups();
        int groupOut = shape.outChannels() / shape.groups();
        int together = 1;
        while (together < shape.groups()
                && (together * groupIn % ByteImages.QUAD != 0 || together * groupOut < TileCode.LANES)) {
            together++;
        }
        return together;
    }

    List<Panel> panels() {
        return panels;
    }

    byte[] weights() {
        return weights;
    }

    float[] constants() {
        return constants;
    }

    long bytes() {
        return weights.length + (long) Float.BYTES * constants.length;
    }

    /** Returns the bytes of the weights of a panel. */
    int bytes(Panel panel) {
        return shape.kernelHeight() * shape.kernelWidth() * panel.inputs * panel.vectors() * TileCode.LANES;
    }

    /** Returns true if the channels of adjacent window positions are adjacent. */
    private boolean isDense() {
        return together == shape.groups();
    }

    /** Returns the walk of a panel over a window in images of a layout. */
    Int8Call.Walk walk(Panel panel, ByteImages x) {
        int columns = shape.kernelWidth();
        if (isDense()) {
            return new Int8Call.Walk(1, shape.kernelHeight(), columns * panel.inputs, x.rowBytes(), 0);
        }
        int rowStride = x.rowBytes() - columns * x.pixelBytes();
        return new Int8Call.Walk(shape.kernelHeight(), columns, panel.inputs, x.pixelBytes(), rowStride);
    }

    private void pack(Panel panel, Int8Weights source) {
        Int8Code.write(source.epilogue(), panel.firstOutput, panel.outputs, constants, panel.constants);
        int groupIn = shape.inChannels() / shape.groups();
        int groupOut = shape.outChannels() / shape.groups();
        int quadBytes = panel.vectors() * VECTOR_BYTES;
        for (int position = 0; position < shape.kernelHeight() * shape.kernelWidth(); position++) {
            int to = panel.weights + position * (panel.inputs / ByteImages.QUAD) * quadBytes;
            for (int k = 0; k < panel.outputs; k++) {
                int output = panel.firstOutput + k;
                int first = output / groupOut * groupIn - panel.firstInput;
                for (int c = 0; c < groupIn; c++) {
                    int quad = (first + c) / ByteImages.QUAD;
                    int at = to + quad * quadBytes + k * ByteImages.QUAD + (first + c) % ByteImages.QUAD;
                    weights[at] = source.w()[(position * groupIn + c) * shape.outChannels() + output];
                }
            }
        }
    }
}
