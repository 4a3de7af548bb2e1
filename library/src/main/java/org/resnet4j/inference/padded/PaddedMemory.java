package org.resnet4j.inference.padded;

import java.util.ArrayList;
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
 *
 * @param <A> the arrays that hold the numbers
 */
public final class PaddedMemory<A> {
    private final List<PaddedStep<A>> steps;
    private final PaddedPlaces[] places;
    private final PaddedValue<A> format;
    private final List<A> buffers = new ArrayList<>();
    private final Scratch scratch = new Scratch();
    private float[] images = {};
    private A packedImages;
    private A packedFeatures;
    private float[] features = {};
    private float @Nullable [] scores;
    private boolean[] broken = {};
    private int batch;
    private int height;
    private int width;

    PaddedMemory(List<PaddedStep<A>> steps) {
        this.steps = steps;
        this.places = new PaddedPlaces[steps.size()];
        int count =
                steps.stream().mapToInt(step -> step.wiring().target()).max().orElse(0) + 1;
        this.format = steps.getFirst().wiring().input();
        for (int i = 0; i < count; i++) {
            buffers.add(format.create(0));
        }
        this.packedImages = format.create(0);
        this.packedFeatures = format.create(0);
    }

    /** Allocates memory for images of this size. Does nothing if the last images had the same size. */
    void prepare(int newBatch, int newHeight, int newWidth) {
        if (newBatch == batch && newHeight == height && newWidth == width) {
            return;
        }
        batch = 0;
        int[] lengths = measure(newBatch, newHeight, newWidth);
        int input = places[0].x().length();
        long length = input + Arrays.stream(lengths).asLongStream().sum();
        HeapTooSmallException.check(
                "predicting " + newBatch + " at a time with images of " + newWidth + "x" + newHeight + " pixels",
                length * elementBytes() / Float.BYTES);
        for (int i = 0; i < buffers.size(); i++) {
            buffers.set(i, atLeast(buffers.get(i), lengths[i]));
        }
        packedImages = atLeast(packedImages, input);
        broken = new boolean[newBatch];
        batch = newBatch;
        height = newHeight;
        width = newWidth;
    }

    private A atLeast(A array, int length) {
        return format.length(array) < length ? format.create(length) : array;
    }

    private int elementBytes() {
        return PaddedImages.BYTES_AT_ONCE / places[0].x().atOnce();
    }

    /**
     * Sets all layouts for images of this size.
     *
     * @return the length that each buffer needs
     * @throws IllegalArgumentException if a value exceeds the maximum array size
     */
    private int[] measure(int newBatch, int newHeight, int newWidth) {
        var heights = new int[buffers.size()];
        var widths = new int[buffers.size()];
        var lengths = new int[buffers.size()];
        for (int i = 0; i < places.length; i++) {
            PaddedStep<A> step = steps.get(i);
            PaddedStep.Wiring<A> wiring = step.wiring();
            int source = wiring.source();
            ConvolutionShape s = source >= 0
                    ? step.at(newBatch, heights[source], widths[source])
                    : step.at(newBatch, newHeight, newWidth);
            PaddedImages x = wiring.input().layout(s.batch(), s.height(), s.width(), s.inChannels());
            int target = wiring.target();
            PaddedImages y = target >= 0
                    ? wiring.output().layout(s.batch(), s.outHeight(), s.outWidth(), s.outChannels())
                    : new PaddedImages(s.batch(), s.outHeight(), s.outWidth(), s.outChannels(), 0, x.atOnce());
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
    static <A> long bytes(List<PaddedStep<A>> steps, int batch, int height, int width) {
        var memory = new PaddedMemory<>(steps);
        int[] lengths = memory.measure(batch, height, width);
        long length = memory.places[0].x().length()
                + Arrays.stream(lengths).asLongStream().sum();
        return length * memory.elementBytes();
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
        Arrays.fill(broken, false);
        images = input;
        format.fromFloats(input, places[0].x(), packedImages, broken, compute.workers());
        format.fillHalo(places[0].x(), packedImages);
    }

    /** Runs steps {@code from} to {@code to - 1}; those before must have run. */
    void run(int from, int to, Compute compute) {
        for (int i = from; i < to; i++) {
            PaddedStep<A> step = steps.get(i);
            step.run(places[i], this, compute);
            int target = step.wiring().target();
            if (target >= 0) {
                step.wiring().output().fillHalo(places[i].y(), buffers.get(target));
            }
        }
    }

    /** Returns the images with a number that the format cannot hold. Their results are NaN. */
    public boolean[] broken() {
        return broken;
    }

    /** Returns the layouts of a step. */
    PaddedPlaces places(int index) {
        return places[index];
    }

    /** Returns a buffer, or the images. */
    A numbers(int buffer) {
        return buffer == Step.IMAGES ? packedImages : buffers.get(buffer);
    }

    /** Returns the images in float32. */
    float[] images() {
        return images;
    }

    /** Returns the array that receives the features. */
    public float[] features() {
        return features;
    }

    /** Returns the array that receives the logits. */
    public float[] scores() {
        float[] requested = scores;
        if (requested == null) {
            throw new IllegalStateException("no logits were requested");
        }
        return requested;
    }

    /** Returns an array for features in the number format. */
    public A packedFeatures(int length) {
        packedFeatures = atLeast(packedFeatures, length);
        return packedFeatures;
    }

    /** Returns the arrays for values in float32. */
    public Scratch scratch() {
        return scratch;
    }
}
