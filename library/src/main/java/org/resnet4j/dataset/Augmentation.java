package org.resnet4j.dataset;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.Interpolation;

/**
 * The random variation of training images, so that a network never sees the same image twice.
 *
 * <p>The variation of a sample depends only on the seed, the epoch and the index of the sample.
 *
 * @param steps the steps applied to each image, in this order; random erasing is always last, on normalized values
 * @param mixing the mixing of the images of a batch; null for none
 * @since 0.1.0
 */
public record Augmentation(
        List<ImageAugmentation> steps, @Nullable BatchMixing mixing) implements Serializable {
    public Augmentation {
        steps = List.copyOf(steps);
    }

    /** Returns no augmentation. */
    public static Augmentation none() {
        return of();
    }

    /**
     * Returns the augmentation for images of 32x32 pixels: shifts of up to 4 pixels and random flips (He et al. 2016,
     * section 4.2).
     */
    public static Augmentation cifar() {
        return of(new ImageAugmentation.PadAndCrop(4), new ImageAugmentation.HorizontalFlip(0.5));
    }

    /** Returns the augmentation for Fashion-MNIST: shifts of up to 2 pixels and random flips. */
    public static Augmentation fashionMnist() {
        return of(new ImageAugmentation.PadAndCrop(2), new ImageAugmentation.HorizontalFlip(0.5));
    }

    /** Returns the augmentation for digits and letters, which must not be flipped: shifts of up to 2 pixels. */
    public static Augmentation shifted() {
        return of(new ImageAugmentation.PadAndCrop(2));
    }

    /** Returns the augmentation for photographs: random resized crops and random flips (torchvision's defaults). */
    public static Augmentation imagenet() {
        return of(
                new ImageAugmentation.RandomResizedCrop(0.08, 1, 3.0 / 4, 4.0 / 3, Interpolation.BILINEAR),
                new ImageAugmentation.HorizontalFlip(0.5));
    }

    /** Returns these steps, without mixing. */
    public static Augmentation of(ImageAugmentation... steps) {
        return new Augmentation(List.of(steps), null);
    }

    /** Returns this augmentation with one more step at the end. */
    public Augmentation with(ImageAugmentation step) {
        var longer = new ArrayList<>(steps);
        longer.add(step);
        return new Augmentation(longer, mixing);
    }

    /** Returns this augmentation with mixing of batches. */
    public Augmentation with(BatchMixing changed) {
        return new Augmentation(steps, changed);
    }
}
