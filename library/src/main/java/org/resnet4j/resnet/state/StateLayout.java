package org.resnet4j.resnet.state;

import java.io.IOException;
import org.resnet4j.layer.Parameter;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * Conversion between the layouts of layers and of files. A convolution is {@code [KH, KW, in, out]} in a layer and
 * {@code [out, in, KH, KW]} in a file, a linear layer {@code [in, out]} in a layer and {@code [out, in]} in a file.
 */
final class StateLayout {
    /**
     * The number of output channels that are moved together: one cache line in a layer, as many cache lines in a file.
     */
    private static final int BLOCK = 16;

    private StateLayout() {}

    /** Returns the shape in files. */
    static Shape fileShape(Parameter parameter) {
        Shape shape = parameter.shape();
        return switch (parameter.role()) {
            case CONVOLUTION_WEIGHT, LINEAR_WEIGHT ->
                shape.rank() == 2
                        ? Shape.of(shape.extent(1), shape.extent(0))
                        : Shape.of(shape.extent(3), shape.extent(2), shape.extent(0), shape.extent(1));
            case NORM_SCALE, NORM_SHIFT, BIAS -> shape;
        };
    }

    /** Returns true if the layouts are the same, so that no element has to be moved. */
    static boolean isSame(Parameter parameter) {
        return switch (parameter.role()) {
            case CONVOLUTION_WEIGHT, LINEAR_WEIGHT -> false;
            case NORM_SCALE, NORM_SHIFT, BIAS -> true;
        };
    }

    /** Copies the value in the layout of files. */
    static Tensor toFile(Parameter parameter) {
        if (isSame(parameter)) {
            return parameter.value().copy();
        }
        Tensor file = Tensor.zeros(fileShape(parameter));
        float[] own = parameter.value().array();
        float[] there = file.array();
        Shape shape = parameter.shape();
        int out = shape.extent(shape.rank() - 1);
        int in = shape.extent(shape.rank() - 2);
        int places = shape.size() / (in * out);
        int columns = in * places;
        for (int k0 = 0; k0 < out; k0 += BLOCK) {
            int end = Math.min(out, k0 + BLOCK);
            for (int c = 0; c < in; c++) {
                for (int place = 0; place < places; place++) {
                    int from = (place * in + c) * out;
                    int to = c * places + place;
                    for (int k = k0; k < end; k++) {
                        there[k * columns + to] = own[from + k];
                    }
                }
            }
        }
        return file;
    }

    /** Returns the length of the block that {@link #read} needs. */
    static int blockLength(Parameter parameter) {
        Shape shape = parameter.shape();
        return isSame(parameter) ? 0 : shape.size() / shape.extent(shape.rank() - 1) * BLOCK;
    }

    /** A reader of consecutive elements in the layout of files. */
    interface Reading {
        /** Reads {@code count} elements, beginning with element {@code start}, into the start of the target. */
        void read(int start, int count, float[] target) throws IOException;
    }

    /**
     * Reads a value and moves its elements into the layout of the layers, some output channels at a time.
     *
     * @param block an array of at least {@link #blockLength} floats
     * @param own the array that receives the elements
     */
    static void read(Reading file, Parameter parameter, float[] block, float[] own) throws IOException {
        Shape shape = parameter.shape();
        if (isSame(parameter)) {
            file.read(0, shape.size(), own);
            return;
        }
        int out = shape.extent(shape.rank() - 1);
        int in = shape.extent(shape.rank() - 2);
        int columns = shape.size() / out;
        for (int k = 0; k < out; k += BLOCK) {
            int channels = Math.min(BLOCK, out - k);
            file.read(k * columns, channels * columns, block);
            for (int c = 0; c < in; c++) {
                move(block, channels, columns, c, in, own, k, out);
            }
        }
    }

    /** Moves one input channel of a block of output channels. As a method of its own it is compiled sooner. */
    private static void move(
            float[] block, int channels, int columns, int c, int in, float[] own, int firstChannel, int out) {
        int places = columns / in;
        for (int place = 0; place < places; place++) {
            int to = (place * in + c) * out + firstChannel;
            int from = c * places + place;
            for (int k = 0; k < channels; k++) {
                own[to + k] = block[from];
                from += columns;
            }
        }
    }
}
