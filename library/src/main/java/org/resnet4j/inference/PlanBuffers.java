package org.resnet4j.inference;

import java.util.Arrays;
import java.util.List;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.HeapTooSmallException;

/**
 * What one call works in for a run of operations: their buffers, and the shapes of all operations for the images of the last
 * call. For one thread at a time.
 */
final class PlanBuffers {
    private static final long MAX_LENGTH = Integer.MAX_VALUE - 8L;

    private final List<Operation> operations;
    private final int from;
    private final int to;
    private final ConvolutionShape[] shapes;
    private final float[][] buffers;
    private final Scratch small = new Scratch();
    private float[] images = new float[0];
    private float[] features = new float[0];
    private int batch;
    private int height;
    private int width;

    /** For operations {@code from} to {@code to - 1}. */
    PlanBuffers(List<Operation> operations, int from, int to) {
        this.operations = operations;
        this.from = from;
        this.to = to;
        this.shapes = new ConvolutionShape[operations.size()];
        int count = operations.stream().mapToInt(Operation::target).max().orElse(0) + 1;
        this.buffers = new float[count][0];
    }

    /** Makes room for images of this size; does nothing if the last ones had it too. */
    void prepare(int newBatch, int newHeight, int newWidth) {
        if (newBatch == batch && newHeight == height && newWidth == width) {
            return;
        }
        batch = 0;
        long[] lengths = measure(newBatch, newHeight, newWidth);
        HeapTooSmallException.check(
                "predicting " + newBatch + " at a time with images of " + newWidth + "x" + newHeight + " pixels",
                Arrays.stream(lengths).sum());
        if (Arrays.stream(lengths).anyMatch(length -> length > MAX_LENGTH)) {
            throw new IllegalArgumentException("images of " + newWidth + "x" + newHeight + " pixels, " + newBatch
                    + " at a time, have intermediate results that no array can hold");
        }
        for (int i = 0; i < buffers.length; i++) {
            if (buffers[i].length < lengths[i]) {
                buffers[i] = new float[Math.toIntExact(lengths[i])];
            }
        }
        batch = newBatch;
        height = newHeight;
        width = newWidth;
    }

    /** Sets all shapes for images of this size; gives the floats that each buffer needs. */
    private long[] measure(int newBatch, int newHeight, int newWidth) {
        var heights = new int[buffers.length];
        var widths = new int[buffers.length];
        var lengths = new long[buffers.length];
        for (int i = 0; i < shapes.length; i++) {
            Operation operation = operations.get(i);
            int source = operation.source();
            ConvolutionShape shape = source == Operation.IMAGES
                    ? operation.shape().withImages(newBatch, newHeight, newWidth)
                    : operation.shape().withImages(newBatch, heights[source], widths[source]);
            int target = operation.target();
            heights[target] = shape.outHeight();
            widths[target] = shape.outWidth();
            // The result of the operation before the first stands here too.
            if (i >= from - 1 && i < to) {
                lengths[target] = Math.max(lengths[target], outputSize(shape));
            }
            shapes[i] = shape;
        }
        return lengths;
    }

    /** Floats of a result; may be more than an array can hold. */
    private static long outputSize(ConvolutionShape s) {
        return (long) s.batch() * s.outHeight() * s.outWidth() * s.outChannels();
    }

    /** Bytes of the buffers for images of this size, without making them. */
    long bytes(int forBatch, int forHeight, int forWidth) {
        long[] lengths = new PlanBuffers(operations, from, to).measure(forBatch, forHeight, forWidth);
        return Arrays.stream(lengths).sum() * Float.BYTES;
    }

    /** Runs the operations. */
    void run(float[] input, Kernels kernels, Workers workers) {
        for (int i = from; i < to; i++) {
            Operation operation = operations.get(i);
            float[] source = operation.source() == Operation.IMAGES ? input : buffers[operation.source()];
            operation.run(shapes[i], source, buffers[operation.target()], kernels, workers, small);
        }
    }

    /** Where the result of the last operation stands. */
    float[] result() {
        return buffers[operations.get(to - 1).target()];
    }

    /** Where the first operation finds the result of the one before it. */
    float[] before() {
        return buffers[operations.get(from - 1).target()];
    }

    /** The shape of the last operation. */
    ConvolutionShape last() {
        return shapes[to - 1];
    }

    /** Room for a copy of one image. */
    float[] images(int length) {
        if (images.length < length) {
            images = new float[length];
        }
        return images;
    }

    /** Room for the features of a call that does not ask for them. */
    float[] features(int length) {
        if (features.length < length) {
            features = new float[length];
        }
        return features;
    }
}
