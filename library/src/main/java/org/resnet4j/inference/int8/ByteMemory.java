package org.resnet4j.inference.int8;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.step.Step;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.tensor.HeapTooSmallException;

/**
 * The memory of one call: the buffers of the steps, and the layouts of their images for the size of the last call. It is
 * used by one thread at a time.
 */
final class ByteMemory {
    private final List<ByteStep> steps;
    private final PaddedPlaces[] places;
    private final byte[][] buffers;
    private final Scratch scratch = new Scratch();
    private float[] images = {};
    private byte[] imageBytes = {};
    private byte[] featureBytes = {};
    private float[] features = {};
    private float @Nullable [] scores;
    private boolean[] broken = {};
    private int batch;
    private int height;
    private int width;

    ByteMemory(List<ByteStep> steps) {
        this.steps = steps;
        this.places = new PaddedPlaces[steps.size()];
        int count =
                steps.stream().mapToInt(step -> step.wiring().target()).max().orElse(0) + 1;
        this.buffers = new byte[count][0];
    }

    /** Allocates memory for images of this size. Does nothing if the last images had the same size. */
    void prepare(int newBatch, int newHeight, int newWidth) {
        if (newBatch == batch && newHeight == height && newWidth == width) {
            return;
        }
        batch = 0;
        int[] lengths = measure(newBatch, newHeight, newWidth);
        int input = places[0].x().length();
        long bytes = input + Arrays.stream(lengths).asLongStream().sum();
        HeapTooSmallException.check(
                "predicting " + newBatch + " at a time with images of " + newWidth + "x" + newHeight + " pixels",
                bytes / Float.BYTES);
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = atLeast(buffers[i], lengths[i]);
        }
        imageBytes = atLeast(imageBytes, input);
        broken = new boolean[newBatch];
        batch = newBatch;
        height = newHeight;
        width = newWidth;
    }

    private static byte[] atLeast(byte[] array, int length) {
        return array.length < length ? new byte[length] : array;
    }

    /**
     * Sets all layouts for images of this size.
     *
     * @return the number of bytes that each buffer needs
     * @throws IllegalArgumentException if a value exceeds the maximum array size
     */
    private int[] measure(int newBatch, int newHeight, int newWidth) {
        var heights = new int[buffers.length];
        var widths = new int[buffers.length];
        var lengths = new int[buffers.length];
        for (int i = 0; i < places.length; i++) {
            ByteStep step = steps.get(i);
            ByteStep.Wiring wiring = step.wiring();
            int source = wiring.source();
            ConvolutionShape s = source >= 0
                    ? step.at(newBatch, heights[source], widths[source])
                    : step.at(newBatch, newHeight, newWidth);
            PaddedImages x = wiring.input().layout(s.batch(), s.height(), s.width(), s.inChannels());
            int target = wiring.target();
            PaddedImages y = target >= 0
                    ? wiring.output().layout(s.batch(), s.outHeight(), s.outWidth(), s.outChannels())
                    : PaddedImages.ofBytes(s.batch(), s.outHeight(), s.outWidth(), s.outChannels(), 0);
            places[i] = new PaddedPlaces(s, x, y, wiring.added() == null ? null : y);
            if (target >= 0) {
                heights[target] = s.outHeight();
                widths[target] = s.outWidth();
                lengths[target] = Math.max(lengths[target], y.length());
            }
        }
        return lengths;
    }

    /** Returns the size in bytes of the buffers for images of this size, without allocating them. */
    static long bytes(List<ByteStep> steps, int batch, int height, int width) {
        var memory = new ByteMemory(steps);
        int[] lengths = memory.measure(batch, height, width);
        return memory.places[0].x().length()
                + Arrays.stream(lengths).asLongStream().sum();
    }

    /**
     * Converts the images and runs the steps.
     *
     * @param into receives the features
     * @param logits receives the logits; null if they are not requested
     */
    void run(float[] input, float[] into, float @Nullable [] logits, Compute compute) {
        features = into;
        scores = logits;
        begin(input, compute);
        run(0, logits == null ? steps.size() - 1 : steps.size(), compute);
    }

    /** Converts the images. */
    void begin(float[] input, Compute compute) {
        images = input;
        Arrays.fill(broken, false);
        ByteValue value = steps.getFirst().wiring().input();
        value.quantize(input, places[0].x(), imageBytes, broken, compute.workers());
        value.fillHalo(places[0].x(), imageBytes);
    }

    /** Runs steps {@code from} to {@code to - 1}; those before must have run. */
    void run(int from, int to, Compute compute) {
        for (int i = from; i < to; i++) {
            ByteStep step = steps.get(i);
            step.run(places[i], this, compute);
            int target = step.wiring().target();
            if (target >= 0) {
                step.wiring().output().fillHalo(places[i].y(), buffers[target]);
            }
        }
    }

    /** Returns the images with a number that is not finite, which bytes cannot hold. Their results are NaN. */
    boolean[] broken() {
        return broken;
    }

    /** Returns the layouts of a step. */
    PaddedPlaces places(int index) {
        return places[index];
    }

    /** Returns a buffer, or the images. */
    byte[] bytes(int buffer) {
        return buffer == Step.IMAGES ? imageBytes : buffers[buffer];
    }

    /** Returns the images in float32. */
    float[] images() {
        return images;
    }

    /** Returns the array that receives the features. */
    float[] features() {
        return features;
    }

    /** Returns the array that receives the logits. */
    float[] scores() {
        float[] requested = scores;
        if (requested == null) {
            throw new IllegalStateException("no logits were requested");
        }
        return requested;
    }

    /** Returns an array for quantized features. */
    byte[] featureBytes(int length) {
        featureBytes = atLeast(featureBytes, length);
        return featureBytes;
    }

    /** Returns the arrays for values in float32. */
    Scratch scratch() {
        return scratch;
    }
}
