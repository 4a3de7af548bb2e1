package org.resnet4j.dataset;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.Interpolation;

/**
 * How training images are varied, so that a network sees no image twice.
 *
 * <p>What happens to a sample depends on the seed, the epoch and the sample's index alone.
 *
 * @param steps done to each image, in this order; random erasing comes last wherever it stands, on normalized values
 * @param mixing how the images of a batch are mixed with each other; null for not
 */
public record Augmentation(
        List<ImageAugmentation> steps, @Nullable BatchMixing mixing) {
    public Augmentation {
        steps = List.copyOf(steps);
    }

    /** No variation. */
    public static Augmentation none() {
        return of();
    }

    /** For images of 32x32 pixels: shifted by up to 4 pixels and mirrored by chance (He et al. 2016, section 4.2). */
    public static Augmentation cifar() {
        return of(new ImageAugmentation.PadAndCrop(4), new ImageAugmentation.HorizontalFlip(0.5));
    }

    /** For Fashion-MNIST: shifted by up to 2 pixels and mirrored by chance. */
    public static Augmentation fashionMnist() {
        return of(new ImageAugmentation.PadAndCrop(2), new ImageAugmentation.HorizontalFlip(0.5));
    }

    /** For digits and letters, which mean something else in the mirror: shifted by up to 2 pixels. */
    public static Augmentation shifted() {
        return of(new ImageAugmentation.PadAndCrop(2));
    }

    /** For photographs: a random part, resized, and mirrored by chance (torchvision's defaults). */
    public static Augmentation imagenet() {
        return of(
                new ImageAugmentation.RandomResizedCrop(0.08, 1, 3.0 / 4, 4.0 / 3, Interpolation.BILINEAR),
                new ImageAugmentation.HorizontalFlip(0.5));
    }

    /** These steps, without mixing. */
    public static Augmentation of(ImageAugmentation... steps) {
        return new Augmentation(List.of(steps), null);
    }

    /** The same with one more step at the end. */
    public Augmentation with(ImageAugmentation step) {
        var longer = new ArrayList<>(steps);
        longer.add(step);
        return new Augmentation(longer, mixing);
    }

    /** The same with the images of a batch mixed. */
    public Augmentation with(BatchMixing changed) {
        return new Augmentation(steps, changed);
    }
}
