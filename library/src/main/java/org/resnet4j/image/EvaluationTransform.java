package org.resnet4j.image;

/**
 * The preparation of a picture in torchvision and timm: convert it to gray if the network has one channel,
 * resize the shorter side, cut out the middle, normalize.
 *
 * @param resizeSize the shorter side after resizing, in pixels
 * @param inputSize the side of the square that the network takes, in pixels
 * @param interpolation how to resize
 * @param normalization how to scale the samples; its number of channels is the network's
 * @param keepMatching whether a picture of exactly {@code inputSize} x {@code inputSize} pixels is taken as it is,
 *     neither resized nor cut (torchvision and timm never do that)
 */
public record EvaluationTransform(
        int resizeSize, int inputSize, Interpolation interpolation, Normalization normalization, boolean keepMatching) {

    public EvaluationTransform {
        if (resizeSize < 1 || inputSize < 1) {
            throw new IllegalArgumentException(
                    "resize and input size must be at least 1, got " + resizeSize + " and " + inputSize);
        }
    }

    /** timm's: the shorter side becomes {@code floor(inputSize / cropPct)}, for instance 256 for 224 and 0.875. */
    public static EvaluationTransform ofCropPct(
            int inputSize, double cropPct, Interpolation interpolation, Normalization normalization) {
        if (!(cropPct > 0 && cropPct <= 1)) {
            throw new IllegalArgumentException("the crop percentage must be above 0 and at most 1, got " + cropPct);
        }
        int resizeSize = (int) Math.floor(inputSize / cropPct);
        return new EvaluationTransform(resizeSize, inputSize, interpolation, normalization, false);
    }

    /** The same, but see {@link #keepMatching}. */
    public EvaluationTransform keepingMatching() {
        return new EvaluationTransform(resizeSize, inputSize, interpolation, normalization, true);
    }

    /** The number of floats that {@link #write} writes. */
    public int inputLength() {
        return Math.multiplyExact(Math.multiplyExact(inputSize, inputSize), normalization.channels());
    }

    /** The same for another side of the network's square: the size before cropping changes in proportion. */
    public EvaluationTransform withInputSize(int changed) {
        int resize = Math.toIntExact(Math.round((double) resizeSize * changed / inputSize));
        return new EvaluationTransform(Math.max(1, resize), changed, interpolation, normalization, keepMatching);
    }

    /**
     * Returns the square of {@code inputSize} pixels that the network is to see. For a network of one channel, the
     * picture becomes gray before it is resized, as with torchvision's {@code Grayscale} and timm's mode {@code L}.
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
     * @throws IndexOutOfBoundsException if they do not fit behind {@code offset}
     */
    public void write(Image image, float[] out, int offset) {
        normalization.write(apply(image), out, offset);
    }
}
