package org.resnet4j.dataset;

import java.io.Serializable;
import org.resnet4j.image.Interpolation;
import org.resnet4j.support.Ranges;

/**
 * A random variation of an image. Names, parameters and algorithms are torchvision's.
 *
 * @since 0.1.0
 */
public sealed interface ImageAugmentation extends Serializable {
    /**
     * Shifts the image by up to {@code padding} pixels in each direction, padding with black. An image of another size
     * is first resized to the network's size.
     *
     * @param padding in pixels, at least 0
     */
    record PadAndCrop(int padding) implements ImageAugmentation {
        public PadAndCrop {
            Ranges.checkAtLeast("padding", 0, padding);
        }
    }

    /**
     * Flips left and right.
     *
     * @param probability from 0 to 1
     */
    record HorizontalFlip(double probability) implements ImageAugmentation {
        public HorizontalFlip {
            Ranges.checkProbability("flip", probability);
        }
    }

    /**
     * Crops a rectangle of random area and shape and resizes it to the network's size.
     *
     * @param minScale the minimum fraction of the image's area, above 0
     * @param maxScale the maximum fraction of the image's area, at most 1
     * @param minRatio the minimum width divided by height
     * @param maxRatio the maximum width divided by height
     * @param interpolation the resampling filter
     */
    record RandomResizedCrop(
            double minScale, double maxScale, double minRatio, double maxRatio, Interpolation interpolation)
            implements ImageAugmentation {
        public RandomResizedCrop {
            Ranges.checkScale("crop", minScale, maxScale);
            Ranges.checkRatio("crop", minRatio, maxRatio);
        }
    }

    /**
     * Changes brightness, contrast, saturation and hue, in random order. The first three multiply by a factor from
     * {@code max(0, 1 - x)} to {@code 1 + x}. Saturation and hue do not change gray images.
     *
     * @param brightness at least 0
     * @param contrast at least 0
     * @param saturation at least 0
     * @param hue the maximum rotation of the color circle in either direction, from 0 to 0.5 (half of the circle)
     */
    record ColorJitter(double brightness, double contrast, double saturation, double hue) implements ImageAugmentation {
        public ColorJitter {
            if (!(brightness >= 0 && contrast >= 0 && saturation >= 0 && hue >= 0 && hue <= 0.5)) {
                throw new IllegalArgumentException(
                        "color jitter needs values of at least 0 and a hue of at most 0.5, got " + brightness + ", "
                                + contrast + ", " + saturation + ", " + hue);
            }
        }
    }

    /**
     * Erases a rectangle of the normalized image (Zhong et al. 2020).
     *
     * @param probability from 0 to 1
     * @param minScale the minimum fraction of the image's area, above 0
     * @param maxScale the maximum fraction of the image's area, at most 1
     * @param minRatio the minimum height divided by width
     * @param maxRatio the maximum height divided by width
     * @param fill the replacement of the erased part
     */
    record RandomErasing(
            double probability, double minScale, double maxScale, double minRatio, double maxRatio, Fill fill)
            implements ImageAugmentation {
        /** The replacement of an erased part. */
        public enum Fill {
            /** Zeros, which are the mean color. */
            MEAN,
            /** Normally distributed noise, with a separate value for each sample. */
            NOISE
        }

        public RandomErasing {
            Ranges.checkProbability("erasing", probability);
            Ranges.checkScale("erasing", minScale, maxScale);
            Ranges.checkRatio("erasing", minRatio, maxRatio);
        }

        /** Returns torchvision's defaults: 2 to 33 % of the area, in half of the images. */
        public static RandomErasing defaults() {
            return new RandomErasing(0.5, 0.02, 0.33, 0.3, 3.3, Fill.MEAN);
        }
    }
}
