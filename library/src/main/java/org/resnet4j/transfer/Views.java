package org.resnet4j.transfer;

import java.util.List;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.ImageAugmentation;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.support.Ranges;
import org.resnet4j.support.SeededRandom;

/**
 * The epochs of a run in which an image has two views at most: as it is, and in the mirror. Tells which samples make up an
 * epoch and which view each shows, so that what was computed from a view can be kept.
 *
 * <p>Order and mirror are those of a {@link DataLoader} with the same augmentation and options.
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
     * To train on: in an order that is new in each epoch.
     *
     * @throws IllegalArgumentException if the augmentation gives an image more than two views
     */
    public static Views training(int samples, Augmentation augmentation, LoaderOptions options) {
        if (!areAll(augmentation)) {
            throw new IllegalArgumentException("more than a mirror: " + augmentation);
        }
        return new Views(samples, options, true, flips(augmentation));
    }

    /** To evaluate with: every sample once, in the dataset's order, as it is. */
    public static Views evaluation(int samples, LoaderOptions options) {
        return new Views(samples, options, false, List.of());
    }

    /** Whether an augmentation gives an image no more than two views. */
    public static boolean areAll(Augmentation augmentation) {
        return augmentation.mixing() == null && augmentation.steps().equals(flips(augmentation));
    }

    private static List<ImageAugmentation.HorizontalFlip> flips(Augmentation augmentation) {
        return augmentation.steps().stream()
                .filter(ImageAugmentation.HorizontalFlip.class::isInstance)
                .map(ImageAugmentation.HorizontalFlip.class::cast)
                .toList();
    }

    /** How batches are made. */
    public LoaderOptions options() {
        return options;
    }

    /** How many samples there are. */
    public int samples() {
        return samples;
    }

    /** How many views an image has: 1 or 2. */
    public int count() {
        return flips.isEmpty() ? 1 : 2;
    }

    /** How many batches an epoch has. */
    public int batches() {
        return options.batches(samples, training);
    }

    /** The number of the first sample of a batch in the {@linkplain #order order} of its epoch. */
    public int start(int batch) {
        return Math.toIntExact(Math.min(samples, (long) batch * options.batchSize()));
    }

    /** The samples in the order in which they come in an epoch; those of a last batch that is left out stand last. */
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

    /** Whether an epoch shows a sample in the mirror. */
    public boolean isMirrored(int epoch, int sample) {
        var random = SeededRandom.of(options.seed(), SeededRandom.Purpose.SAMPLE, epoch, sample);
        boolean mirrored = false;
        for (ImageAugmentation.HorizontalFlip flip : flips) {
            mirrored ^= random.nextChance(flip.probability());
        }
        return mirrored;
    }
}
