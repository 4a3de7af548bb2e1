package org.resnet4j.dataset.source;

/**
 * The number and size of the images of the source {@code synthetic}.
 *
 * @param imageSize the side of its square images in pixels, from 8 to 4096
 * @param trainSamples the number of training images, at least 1
 * @param validationSamples the number of validation images, at least 1; none of them is a training image
 */
public record SyntheticSize(int imageSize, int trainSamples, int validationSamples) {
    public SyntheticSize {
        if (imageSize < 8 || imageSize > 4096) {
            throw new IllegalArgumentException("synthetic images have 8 to 4096 pixels per side, got " + imageSize);
        }
        if (trainSamples < 1 || validationSamples < 1) {
            throw new IllegalArgumentException("synthetic needs at least 1 training and 1 validation image, got "
                    + trainSamples + " and " + validationSamples);
        }
    }

    /** Returns 10,000 and 2,000 images of 32x32 pixels. */
    public static SyntheticSize defaults() {
        return new SyntheticSize(32, 10_000, 2_000);
    }
}
