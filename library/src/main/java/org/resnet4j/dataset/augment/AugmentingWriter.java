package org.resnet4j.dataset.augment;

import java.io.IOException;
import java.util.List;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.ImageAugmentation;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Geometry;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.Resize;
import org.resnet4j.image.file.Picture;
import org.resnet4j.support.SeededRandom;

/** A writer that augments a sample as determined by its seed, epoch and index. */
public final class AugmentingWriter implements SampleWriter {
    private static final int CROP_ATTEMPTS = 10;

    private final Augmentation augmentation;
    private final EvaluationTransform plain;
    private final long seed;

    public AugmentingWriter(Augmentation augmentation, int imageSize, Normalization normalization, long seed) {
        this.augmentation = augmentation;
        this.plain = new EvaluationTransform(imageSize, imageSize, Interpolation.BILINEAR, normalization, true);
        this.seed = seed;
    }

    @Override
    public int imageSize() {
        return plain.inputSize();
    }

    @Override
    public int channels() {
        return plain.normalization().channels();
    }

    @Override
    public void write(Picture picture, int epoch, int index, float[] out, int offset) throws IOException {
        var random = SeededRandom.of(seed, SeededRandom.Purpose.SAMPLE, epoch, index);
        List<ImageAugmentation> steps = augmentation.steps();
        Image varied;
        if (!steps.isEmpty() && steps.getFirst() instanceof ImageAugmentation.RandomResizedCrop crop) {
            // The crop is first, as is usual for photographs: nothing outside it has to be decoded.
            varied = randomResizedCrop(crop, picture, random);
            steps = steps.subList(1, steps.size());
        } else {
            varied = inChannels(picture.decode());
        }
        for (ImageAugmentation step : steps) {
            varied = apply(step, varied, random);
        }
        plain.write(varied, out, offset);
        for (ImageAugmentation step : steps) {
            if (step instanceof ImageAugmentation.RandomErasing erasing) {
                erase(erasing, out, offset, random);
            }
        }
    }

    private Image inChannels(Image image) {
        return channels() == 1 ? image.toGray() : image;
    }

    private Image apply(ImageAugmentation step, Image image, SeededRandom random) throws IOException {
        return switch (step) {
            case ImageAugmentation.PadAndCrop(int padding) -> shift(plain.apply(image), padding, random);
            case ImageAugmentation.HorizontalFlip(double probability) ->
                random.nextChance(probability) ? Geometry.flipHorizontally(image) : image;
            case ImageAugmentation.RandomResizedCrop crop -> randomResizedCrop(crop, Picture.of(image), random);
            case ImageAugmentation.ColorJitter jitter -> ColorAdjustment.jitter(image, jitter, random);
            case ImageAugmentation.RandomErasing erasing -> image; // applied after the normalization
        };
    }

    /** Pads on all sides and crops back, without creating the padded image. */
    private static Image shift(Image image, int padding, SeededRandom random) {
        int dx = random.nextInt(2 * padding + 1) - padding;
        int dy = random.nextInt(2 * padding + 1) - padding;
        if (dx == 0 && dy == 0) {
            return image;
        }
        int width = image.width();
        int height = image.height();
        int channels = image.channels();
        byte[] shifted = new byte[image.samples().length];
        int columns = width - Math.abs(dx);
        if (columns <= 0) {
            return new Image(width, height, channels, shifted);
        }
        for (int y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
            int from = ((y + dy) * width + Math.max(0, dx)) * channels;
            int to = (y * width + Math.max(0, -dx)) * channels;
            System.arraycopy(image.samples(), from, shifted, to, columns * channels);
        }
        return new Image(width, height, channels, shifted);
    }

    private Image randomResizedCrop(ImageAugmentation.RandomResizedCrop crop, Picture picture, SeededRandom random)
            throws IOException {
        int width = picture.width();
        int height = picture.height();
        double logMin = StrictMath.log(crop.minRatio());
        double logMax = StrictMath.log(crop.maxRatio());
        for (int attempt = 0; attempt < CROP_ATTEMPTS; attempt++) {
            double area = (double) width * height * random.nextDouble(crop.minScale(), crop.maxScale());
            double ratio = StrictMath.exp(random.nextDouble(logMin, logMax));
            int w = (int) Math.rint(Math.sqrt(area * ratio));
            int h = (int) Math.rint(Math.sqrt(area / ratio));
            if (w > 0 && w <= width && h > 0 && h <= height) {
                int y = random.nextInt(height - h + 1);
                int x = random.nextInt(width - w + 1);
                return resized(picture, x, y, w, h, crop.interpolation());
            }
        }
        double ratio = (double) width / height;
        int w = width;
        int h = height;
        if (ratio < crop.minRatio()) {
            h = Math.max(1, (int) Math.rint(width / crop.minRatio()));
        } else if (ratio > crop.maxRatio()) {
            w = Math.max(1, (int) Math.rint(height * crop.maxRatio()));
        }
        return resized(picture, (width - w) / 2, (height - h) / 2, w, h, crop.interpolation());
    }

    private Image resized(Picture picture, int x, int y, int width, int height, Interpolation interpolation)
            throws IOException {
        int side = imageSize();
        Picture.Part part = picture.decode(x, y, width, height, side, side, interpolation);
        return Resize.resize(inChannels(part.image()), side, side, interpolation, part.box());
    }

    private void erase(ImageAugmentation.RandomErasing erasing, float[] out, int offset, SeededRandom random) {
        if (!random.nextChance(erasing.probability())) {
            return;
        }
        int side = imageSize();
        double logMin = StrictMath.log(erasing.minRatio());
        double logMax = StrictMath.log(erasing.maxRatio());
        for (int attempt = 0; attempt < CROP_ATTEMPTS; attempt++) {
            double area = (double) side * side * random.nextDouble(erasing.minScale(), erasing.maxScale());
            double ratio = StrictMath.exp(random.nextDouble(logMin, logMax));
            int h = (int) Math.rint(Math.sqrt(area * ratio));
            int w = (int) Math.rint(Math.sqrt(area / ratio));
            if (h >= 1 && w >= 1 && h < side && w < side) {
                int y = random.nextInt(side - h + 1);
                int x = random.nextInt(side - w + 1);
                fill(erasing.fill(), out, offset, x, y, w, h, random);
                return;
            }
        }
    }

    private void fill(
            ImageAugmentation.RandomErasing.Fill fill,
            float[] out,
            int offset,
            int x,
            int y,
            int width,
            int height,
            SeededRandom random) {
        for (int row = y; row < y + height; row++) {
            int from = offset + (row * imageSize() + x) * channels();
            for (int i = from; i < from + width * channels(); i++) {
                out[i] = switch (fill) {
                    case MEAN -> 0;
                    case NOISE -> (float) random.nextGaussian();
                };
            }
        }
    }
}
