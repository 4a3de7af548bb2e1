package org.resnet4j.image;

import java.io.Serializable;

/**
 * The preprocessing of torchvision and timm: convert the picture to gray if the network has one channel, resize the
 * shorter side, crop the center, normalize.
 *
 * @param resizeSize the shorter side after resizing, in pixels
 * @param inputSize the side of the network's square input, in pixels
 * @param interpolation the resampling filter
 * @param normalization the scaling of the samples; its number of channels is the network's
 * @param keepMatching true to neither resize nor crop a picture of exactly {@code inputSize} x {@code inputSize} pixels
 *     (torchvision and timm never skip these steps)
 * @since 0.1.0
 */
public record EvaluationTransform(
        int resizeSize, int inputSize, Interpolation interpolation, Normalization normalization, boolean keepMatching)
        implements Serializable {

    public EvaluationTransform {
        if (resizeSize < 1 || inputSize < 1) {
            throw new IllegalArgumentException(
                    "resize and input size must be at least 1, got " + resizeSize + " and " + inputSize);
        }
    }

    /**
     * Returns timm's preprocessing: the shorter side becomes {@code floor(inputSize / cropPct)}, for example 256 for
     * 224 and 0.875.
     */
    public static EvaluationTransform ofCropPct(
            int inputSize, double cropPct, Interpolation interpolation, Normalization normalization) {
        if (!(cropPct > 0 && cropPct <= 1)) {
            throw new IllegalArgumentException("the crop percentage must be above 0 and at most 1, got " + cropPct);
        }
        int resizeSize = (int) Math.floor(inputSize / cropPct);
        return new EvaluationTransform(resizeSize, inputSize, interpolation, normalization, false);
    }

    /** Returns this transform with {@link #keepMatching}. */
    public EvaluationTransform keepingMatching() {
        return new EvaluationTransform(resizeSize, inputSize, interpolation, normalization, true);
    }

    /** Returns the number of floats that {@link #write} writes. */
    public int inputLength() {
        return Math.multiplyExact(Math.multiplyExact(inputSize, inputSize), normalization.channels());
    }

    /** Returns this transform for another input size; the size before cropping changes in proportion. */
    public EvaluationTransform withInputSize(int changed) {
        int resize = Math.toIntExact(Math.round((double) resizeSize * changed / inputSize));
        return new EvaluationTransform(Math.max(1, resize), changed, interpolation, normalization, keepMatching);
    }

    /**
     * Returns the square of {@code inputSize} pixels for the network. For a network of one channel, the picture becomes
     * gray before it is resized, as with torchvision's {@code Grayscale} and timm's mode {@code L}.
     */
    public Image apply(Image picture) {
        Image image = normalization.channels() == 1 ? picture.toGray() : picture;
        if (keepMatching && image.width() == inputSize && image.height() == inputSize) {
            return image;
        }
        if (inputSize > resizeSize) {
            return Geometry.centerCrop(
                    Geometry.resizeShorterSide(image, resizeSize, interpolation), inputSize, inputSize);
        }
        return Geometry.resizeShorterSideAndCenterCrop(image, resizeSize, inputSize, interpolation);
    }

    /**
     * Applies the transform and writes inputSize x inputSize x channels floats.
     *
     * @throws IndexOutOfBoundsException if they do not fit from {@code offset}
     */
    public void write(Image image, float[] out, int offset) {
        normalization.write(apply(image), out, offset);
    }
}
