package org.resnet4j.transfer;

import java.util.List;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.ImageAugmentation;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.support.Ranges;
import org.resnet4j.support.SeededRandom;

/**
 * The epochs of a run in which an image has at most two views: the image and its mirror image. Determines the samples
 * of an epoch and the view of each, so that results computed from a view can be cached.
 *
 * <p>Order and mirroring are those of a {@link DataLoader} with the same augmentation and options.
 */
public final class Views {
    private final int samples;
    private final LoaderOptions options;
    private final boolean training;
    private final List<ImageAugmentation.HorizontalFlip> flips;

    private Views(int samples, LoaderOptions options, boolean training, List<ImageAugmentation.HorizontalFlip> flips) {
        Ranges.checkAtLeast("samples", 1, samples);
        this.samples = samples;
        this.options = options;
        this.training = training;
        this.flips = flips;
    }

    /**
     * Returns the views for training, in a new order in each epoch.
     *
     * @throws IllegalArgumentException if the augmentation gives an image more than two views
     */
    public static Views training(int samples, Augmentation augmentation, LoaderOptions options) {
        if (!areAll(augmentation)) {
            throw new IllegalArgumentException("more than a mirror: " + augmentation);
        }
        return new Views(samples, options, true, flips(augmentation));
    }

    /** Returns the views for evaluation: every sample once, in the dataset's order, not mirrored. */
    public static Views evaluation(int samples, LoaderOptions options) {
        return new Views(samples, options, false, List.of());
    }

    /** Returns true if an augmentation gives an image at most two views. */
    public static boolean areAll(Augmentation augmentation) {
        return augmentation.mixing() == null && augmentation.steps().equals(flips(augmentation));
    }

    private static List<ImageAugmentation.HorizontalFlip> flips(Augmentation augmentation) {
        return augmentation.steps().stream()
                .filter(ImageAugmentation.HorizontalFlip.class::isInstance)
                .map(ImageAugmentation.HorizontalFlip.class::cast)
                .toList();
    }

    /** Returns the batching options. */
    public LoaderOptions options() {
        return options;
    }

    /** Returns the number of samples. */
    public int samples() {
        return samples;
    }

    /** Returns the number of views of an image: 1 or 2. */
    public int count() {
        return flips.isEmpty() ? 1 : 2;
    }

    /** Returns the number of batches in an epoch. */
    public int batches() {
        return options.batches(samples, training);
    }

    /** Returns the position of a batch's first sample in the {@linkplain #order order} of its epoch. */
    public int start(int batch) {
        return Math.toIntExact(Math.min(samples, (long) batch * options.batchSize()));
    }

    /** Returns the samples in the order of an epoch; those of a dropped last batch come last. */
    public int[] order(int epoch) {
        if (training) {
            return options.order(samples, epoch);
        }
        var order = new int[samples];
        for (int i = 0; i < samples; i++) {
            order[i] = i;
        }
        return order;
    }

    /** Returns true if an epoch shows a sample mirrored. */
    public boolean isMirrored(int epoch, int sample) {
        var random = SeededRandom.of(options.seed(), SeededRandom.Purpose.SAMPLE, epoch, sample);
        boolean mirrored = false;
        for (ImageAugmentation.HorizontalFlip flip : flips) {
            mirrored ^= random.nextChance(flip.probability());
        }
        return mirrored;
    }
}
