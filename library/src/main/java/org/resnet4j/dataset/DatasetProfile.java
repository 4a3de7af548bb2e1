package org.resnet4j.dataset;

import org.jspecify.annotations.Nullable;
import org.resnet4j.image.Normalization;

/**
 * The defaults for the images of a source.
 *
 * @param imageSize the side of the images in pixels if all have the same; null for photographs of many sizes
 * @param normalization the usual mean and standard deviation; its number of channels is that of the images, 1 (gray) or
 *     3
 * @param augmentation the usual augmentation for training on such images
 * @since 0.1.0
 */
public record DatasetProfile(@Nullable Integer imageSize, Normalization normalization, Augmentation augmentation) {
    /** Returns the number of channels: 1 (gray) or 3 (red, green, blue). */
    public int channels() {
        return normalization.channels();
    }

    /**
     * Returns the profile of photographs of many sizes, normalized like ImageNet's, so that networks trained there fit.
     */
    public static DatasetProfile photographs() {
        return new DatasetProfile(null, Normalization.IMAGENET, Augmentation.imagenet());
    }

    /** Returns the profile of CIFAR-10: means and deviations over its 50,000 training images. */
    public static DatasetProfile cifar10() {
        return cifar(new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.2470f, 0.2435f, 0.2616f});
    }

    /** Returns the profile of CIFAR-100: means and deviations over its 50,000 training images. */
    public static DatasetProfile cifar100() {
        return cifar(new float[] {0.5071f, 0.4865f, 0.4409f}, new float[] {0.2673f, 0.2564f, 0.2762f});
    }

    private static DatasetProfile cifar(float[] mean, float[] std) {
        return new DatasetProfile(32, new Normalization(mean, std), Augmentation.cifar());
    }

    /** Returns the profile of Fashion-MNIST: mean and deviation over its 60,000 training images. */
    public static DatasetProfile fashionMnist() {
        return new DatasetProfile(28, Normalization.uniform(1, 0.2860f, 0.3530f), Augmentation.fashionMnist());
    }
}
