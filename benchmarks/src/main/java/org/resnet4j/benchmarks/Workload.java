package org.resnet4j.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A residual network and the batch it is trained on, described plainly enough for every peer to build it.
 *
 * @param name the catalogue's name
 * @param batch images in a batch
 * @param size rows and columns of an image
 * @param classes how many labels
 * @param imageNetStem 7x7 stride 2 and max pooling; otherwise 3x3 stride 1
 * @param bottleneck blocks of 1x1, 3x3 (which strides), 1x1 with four times the width; otherwise two 3x3
 * @param paddedShortcut shortcuts that raise the width subsample and add channels of zeros (option A); otherwise
 *     projections
 * @param depths blocks in each stage
 * @param firstWidth channels of the first stage; each further stage doubles them
 */
public record Workload(
        String name,
        int batch,
        int size,
        int classes,
        boolean imageNetStem,
        boolean bottleneck,
        boolean paddedShortcut,
        List<Integer> depths,
        int firstWidth) {
    /** Rate of the measured steps: small, so that the loss stays finite on one repeated batch. */
    public static final float LEARNING_RATE = 0.01f;

    /** Momentum of the measured steps. */
    public static final float MOMENTUM = 0.9f;

    /** Weight decay of the measured steps. */
    public static final float WEIGHT_DECAY = 1e-4f;

    private static final Map<String, Workload> CATALOGUE = catalogue();

    public Workload {
        depths = List.copyOf(depths);
    }

    /**
     * The workload of this name with its usual batch.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static Workload named(String name) {
        Workload workload = CATALOGUE.get(name.toLowerCase(Locale.ROOT));
        if (workload == null) {
            throw new IllegalArgumentException("no model " + name + "; there are " + CATALOGUE.keySet());
        }
        return workload;
    }

    /** The same network with another batch. */
    public Workload withBatch(int images) {
        return new Workload(name, images, size, classes, imageNetStem, bottleneck, paddedShortcut, depths, firstWidth);
    }

    /** Channels of a stage's blocks inside, counted from 0. */
    public int width(int stage) {
        return firstWidth << stage;
    }

    /** Channels that a stage gives to the next. */
    public int outChannels(int stage) {
        return bottleneck ? 4 * width(stage) : width(stage);
    }

    /** Multiply-adds of one forward pass over the batch: convolutions and the linear layer. */
    public long forwardMultiplyAdds() {
        int extent = imageNetStem ? half(size) : size;
        long sum = (imageNetStem ? 49L : 9L) * 3 * firstWidth * extent * extent;
        if (imageNetStem) {
            extent = half(extent);
        }
        int in = firstWidth;
        for (int stage = 0; stage < depths.size(); stage++) {
            int width = width(stage);
            int out = outChannels(stage);
            for (int block = 0; block < depths.get(stage); block++) {
                int outExtent = stage > 0 && block == 0 ? half(extent) : extent;
                long before = (long) extent * extent;
                long after = (long) outExtent * outExtent;
                sum += bottleneck
                        ? before * in * width + after * 9 * width * width + after * width * out
                        : after * 9 * in * width + after * 9 * width * out;
                if (in != out && !paddedShortcut) {
                    sum += after * in * out;
                }
                in = out;
                extent = outExtent;
            }
        }
        return (sum + (long) in * classes) * batch;
    }

    /** Floating-point operations of a training step: forward and two gradients, two operations a multiply-add. */
    public double stepFlops() {
        return 3.0 * 2.0 * forwardMultiplyAdds();
    }

    private static int half(int extent) {
        return (extent + 1) / 2;
    }

    private static Map<String, Workload> catalogue() {
        Map<String, Workload> all = new TreeMap<>();
        for (int n : new int[] {3, 5, 9, 18}) {
            String name = "resnet" + (6 * n + 2);
            all.put(name, new Workload(name, 128, 32, 10, false, false, true, List.of(n, n, n), 16));
        }
        all.put("resnet18", imageNet("resnet18", false, List.of(2, 2, 2, 2)));
        all.put("resnet34", imageNet("resnet34", false, List.of(3, 4, 6, 3)));
        all.put("resnet50", imageNet("resnet50", true, List.of(3, 4, 6, 3)));
        all.put("resnet101", imageNet("resnet101", true, List.of(3, 4, 23, 3)));
        return all;
    }

    private static Workload imageNet(String name, boolean bottleneck, List<Integer> depths) {
        return new Workload(name, 16, 224, 1000, true, bottleneck, false, depths, 64);
    }
}
