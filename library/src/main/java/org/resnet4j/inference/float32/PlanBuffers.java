package org.resnet4j.inference.float32;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.step.Step;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.tensor.HeapTooSmallException;
import org.resnet4j.tensor.Shape;

/**
 * The memory of one call for a run of steps: their buffers, and the shapes of all steps for the images of the last
 * call. It is used by one thread at a time.
 */
final class PlanBuffers {
    private static final long MAX_LENGTH = Integer.MAX_VALUE - 8L;

    private final List<Step> steps;
    private final int from;
    private final int to;
    private final ConvolutionShape[] shapes;
    private final float[][] buffers;
    private final Scratch small = new Scratch();
    private float[] images = new float[0];
    private int batch;
    private int height;
    private int width;

    /** Creates buffers for steps {@code from} to {@code to - 1}. */
    PlanBuffers(List<Step> steps, int from, int to) {
        this.steps = steps;
        this.from = from;
        this.to = to;
        this.shapes = new ConvolutionShape[steps.size()];
        int count = steps.stream().mapToInt(Step::target).max().orElse(0) + 1;
        this.buffers = new float[count][0];
    }

    /** Allocates memory for images of this size. Does nothing if the last images had the same size. */
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
                    + " at a time, have intermediate results that exceed the maximum array size");
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

    /**
     * Sets all shapes for images of this size.
     *
     * @return the number of floats that each buffer needs
     */
    private long[] measure(int newBatch, int newHeight, int newWidth) {
        var heights = new int[buffers.length];
        var widths = new int[buffers.length];
        var lengths = new long[buffers.length];
        for (int i = 0; i < shapes.length; i++) {
            Step step = steps.get(i);
            int source = step.source();
            ConvolutionShape shape = source >= 0
                    ? step.at(newBatch, heights[source], widths[source])
                    : step.at(newBatch, newHeight, newWidth);
            shapes[i] = shape;
            int target = step.target();
            if (target < 0) {
                continue;
            }
            heights[target] = shape.outHeight();
            widths[target] = shape.outWidth();
            // also holds the result of the step before the first
            if (i >= from - 1 && i < to) {
                lengths[target] = Math.max(lengths[target], outputSize(shape));
            }
        }
        return lengths;
    }

    /** Returns the number of floats of a result, which may exceed the maximum array size. */
    private static long outputSize(ConvolutionShape s) {
        return (long) s.batch() * s.outHeight() * s.outWidth() * s.outChannels();
    }

    /** Returns the size in bytes of the buffers for images of this size, without allocating them. */
    long bytes(int forBatch, int forHeight, int forWidth) {
        long[] lengths = new PlanBuffers(steps, from, to).measure(forBatch, forHeight, forWidth);
        return Arrays.stream(lengths).sum() * Float.BYTES;
    }

    /**
     * Runs the steps.
     *
     * @param features the array that receives the features; not modified by a run that ends before them
     * @param scores the array that receives the logits; null if they are not requested
     */
    void run(float[] input, float[] features, float @Nullable [] scores, Compute compute) {
        run(from, to, input, features, scores, compute);
    }

    /** Runs steps {@code first} to {@code end - 1}; the steps before must have run. */
    void run(int first, int end, float[] input, float[] features, float @Nullable [] scores, Compute compute) {
        for (int i = first; i < end; i++) {
            Step step = steps.get(i);
            float[] target = step.target() == Step.SCORES ? scores : array(step.target(), input, features);
            if (target != null) {
                step.run(shapes[i], array(step.source(), input, features), target, compute, small);
            }
        }
    }

    private float[] array(int number, float[] input, float[] features) {
        return switch (number) {
            case Step.IMAGES -> input;
            case Step.FEATURES -> features;
            default -> buffers[number];
        };
    }

    /** Returns the result of the last step. */
    float[] result() {
        return buffers[steps.get(to - 1).target()];
    }

    /** Returns the shape of the result of a step. */
    Shape shape(int index) {
        ConvolutionShape s = shapes[index];
        return Shape.of(s.batch(), s.outHeight(), s.outWidth(), s.outChannels());
    }

    /** Copies the result of a step for one image into an array for all images. No later step may have run. */
    void copy(int index, float[] results, int image) {
        int size = shapes[index].outputSize();
        System.arraycopy(buffers[steps.get(index).target()], 0, results, image * size, size);
    }

    /** Returns the buffer from which the first step reads the result of the step before it. */
    float[] before() {
        return buffers[steps.get(from - 1).target()];
    }

    /** Returns the shape of the last step. */
    ConvolutionShape last() {
        return shapes[to - 1];
    }

    /** Returns an array for a copy of one image. */
    float[] images(int length) {
        if (images.length < length) {
            images = new float[length];
        }
        return images;
    }
}
