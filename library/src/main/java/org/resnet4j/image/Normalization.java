package org.resnet4j.image;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * The conversion of samples to network input: {@code (v / 255 - mean) / std} for each channel, in single precision and
 * in this order, like torchvision's {@code ToTensor} and {@code Normalize}. Immutable.
 *
 * @since 0.1.0
 */
public final class Normalization implements Serializable {
    /** The normalization of ImageNet's training set, which most published networks expect. */
    public static final Normalization IMAGENET =
            new Normalization(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});

    private static final int LEVELS = 256;

    private final float[] mean;
    private final float[] std;

    /** The result for each channel and sample value: {@code table[channel * 256 + v]}. */
    private final float[] table;

    /**
     * Creates a normalization.
     *
     * @param mean one value for each channel (1 or 3), on a scale where white is 1
     * @param std one value for each channel, above 0
     * @throws IllegalArgumentException if there are not 1 or 3 of each, or one is not finite, or an std is not above 0
     */
    public Normalization(float[] mean, float[] std) {
        if (mean.length != std.length || mean.length != 1 && mean.length != 3) {
            throw new IllegalArgumentException(
                    "a normalization has 1 or 3 means and as many stds, got " + mean.length + " and " + std.length);
        }
        this.mean = mean.clone();
        this.std = std.clone();
        this.table = new float[mean.length * LEVELS];
        for (int c = 0; c < mean.length; c++) {
            if (!Float.isFinite(mean[c]) || !Float.isFinite(std[c]) || std[c] <= 0) {
                throw new IllegalArgumentException("a normalization needs finite means and stds above 0, got mean "
                        + Arrays.toString(mean) + ", std " + Arrays.toString(std));
            }
            for (int v = 0; v < LEVELS; v++) {
                table[c * LEVELS + v] = (v / 255f - mean[c]) / std[c];
            }
        }
    }

    /** Returns a normalization with the same mean and std for every channel. */
    public static Normalization uniform(int channels, float mean, float std) {
        float[] means = new float[channels];
        float[] stds = new float[channels];
        Arrays.fill(means, mean);
        Arrays.fill(stds, std);
        return new Normalization(means, stds);
    }

    /** Returns the number of channels that {@link #write} writes: 1 or 3. */
    public int channels() {
        return mean.length;
    }

    /** Returns a copy of the means. */
    public float[] mean() {
        return mean.clone();
    }

    /** Returns a copy of the standard deviations. */
    public float[] std() {
        return std.clone();
    }

    /**
     * Writes a picture as height x width x channels floats. A gray picture fills three channels with the same samples.
     * A color picture is written to a single channel as its luma.
     *
     * @param out the target, written from {@code offset}
     * @throws IndexOutOfBoundsException if the picture does not fit there
     */
    public void write(Image image, float[] out, int offset) {
        int pixels = image.width() * image.height();
        Objects.checkFromIndexSize(offset, Math.multiplyExact(pixels, channels()), out.length);
        byte[] samples = image.samples();
        if (channels() == 1) {
            byte[] gray = image.toGray().samples();
            for (int i = 0; i < pixels; i++) {
                out[offset + i] = table[gray[i] & 0xff];
            }
            return;
        }
        int step = image.channels();
        int green = step == 3 ? 1 : 0;
        int blue = step == 3 ? 2 : 0;
        for (int i = 0, from = 0, to = offset; i < pixels; i++, from += step, to += 3) {
            out[to] = table[samples[from] & 0xff];
            out[to + 1] = table[LEVELS + (samples[from + green] & 0xff)];
            out[to + 2] = table[2 * LEVELS + (samples[from + blue] & 0xff)];
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Normalization that && Arrays.equals(mean, that.mean) && Arrays.equals(std, that.std);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(mean) + Arrays.hashCode(std);
    }

    @Override
    public String toString() {
        return "Normalization[mean=" + Arrays.toString(mean) + ", std=" + Arrays.toString(std) + "]";
    }
}
