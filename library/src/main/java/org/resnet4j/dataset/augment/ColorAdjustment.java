package org.resnet4j.dataset.augment;

import org.resnet4j.dataset.ImageAugmentation;
import org.resnet4j.image.Image;
import org.resnet4j.support.SeededRandom;

/**
 * Brightness, contrast, saturation and hue with the same bytes as Pillow's {@code ImageEnhance} and
 * {@code convert("HSV")}, and so as torchvision's {@code ColorJitter} on Pillow images.
 */
final class ColorAdjustment {
    private ColorAdjustment() {}

    static Image jitter(Image image, ImageAugmentation.ColorJitter jitter, SeededRandom random) {
        int[] order = random.permutation(4);
        double brightness = factor(jitter.brightness(), random);
        double contrast = factor(jitter.contrast(), random);
        double saturation = factor(jitter.saturation(), random);
        double turn = random.nextDouble(-jitter.hue(), jitter.hue());
        Image result = image;
        for (int operation : order) {
            result = switch (operation) {
                case 0 -> jitter.brightness() == 0 ? result : brightness(result, (float) brightness);
                case 1 -> jitter.contrast() == 0 ? result : contrast(result, (float) contrast);
                case 2 -> jitter.saturation() == 0 ? result : saturation(result, (float) saturation);
                default -> jitter.hue() == 0 ? result : hue(result, turn);
            };
        }
        return result;
    }

    private static double factor(double spread, SeededRandom random) {
        return random.nextDouble(Math.max(0, 1 - spread), 1 + spread);
    }

    /** Multiplies by {@code factor}: 0 gives black, 1 the image itself. */
    static Image brightness(Image image, float factor) {
        byte[] samples = image.samples();
        byte[] result = new byte[samples.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = blend(0, samples[i] & 0xff, factor);
        }
        return new Image(image.width(), image.height(), image.channels(), result);
    }

    /** Scales the distance from the mean gray by {@code factor}: 0 gives that gray, 1 the image itself. */
    static Image contrast(Image image, float factor) {
        long sum = 0;
        byte[] gray = image.toGray().samples();
        for (byte sample : gray) {
            sum += sample & 0xff;
        }
        int mean = (int) ((double) sum / gray.length + 0.5);
        byte[] samples = image.samples();
        byte[] result = new byte[samples.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = blend(mean, samples[i] & 0xff, factor);
        }
        return new Image(image.width(), image.height(), image.channels(), result);
    }

    /** Scales the distance from each pixel's gray by {@code factor}: 0 gives gray, 1 the image itself. */
    static Image saturation(Image image, float factor) {
        if (image.channels() == 1) {
            return image;
        }
        byte[] gray = image.toGray().samples();
        byte[] samples = image.samples();
        byte[] result = new byte[samples.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = blend(gray[i / 3] & 0xff, samples[i] & 0xff, factor);
        }
        return new Image(image.width(), image.height(), 3, result);
    }

    private static byte blend(int from, int to, float factor) {
        float value = from + factor * (to - from);
        return (byte) (value <= 0 ? 0 : value >= 255 ? 255 : (int) value);
    }

    /** Rotates the color circle by {@code turn}, where 1 is a full turn. */
    static Image hue(Image image, double turn) {
        if (image.channels() == 1) {
            return image;
        }
        int shift = (int) (turn * 255);
        byte[] samples = image.samples();
        byte[] result = new byte[samples.length];
        for (int i = 0; i < result.length; i += 3) {
            turnPixel(samples, i, shift, result);
        }
        return new Image(image.width(), image.height(), 3, result);
    }

    private static void turnPixel(byte[] samples, int at, int shift, byte[] result) {
        int r = samples[at] & 0xff;
        int g = samples[at + 1] & 0xff;
        int b = samples[at + 2] & 0xff;
        int value = Math.max(r, Math.max(g, b));
        int range = value - Math.min(r, Math.min(g, b));
        int hue = range == 0 ? 0 : hueOf(r, g, b, value, range);
        int saturation = range == 0 ? 0 : (int) ((float) range / (float) value * 255.0);
        int turned = (hue + shift) & 0xff;
        if (saturation == 0) {
            result[at] = (byte) value;
            result[at + 1] = (byte) value;
            result[at + 2] = (byte) value;
            return;
        }
        double sector = turned * 6.0 / 255.0;
        int i = (int) sector;
        float fraction = (float) (sector - i);
        float purity = (float) (saturation / 255.0);
        byte p = rounded(value * (1.0 - purity));
        byte q = rounded(value * (1.0 - (double) (purity * fraction)));
        byte t = rounded(value * (1.0 - purity * (1.0 - fraction)));
        byte v = (byte) value;
        switch (i % 6) {
            case 0 -> put(result, at, v, t, p);
            case 1 -> put(result, at, q, v, p);
            case 2 -> put(result, at, p, v, t);
            case 3 -> put(result, at, p, q, v);
            case 4 -> put(result, at, t, p, v);
            default -> put(result, at, v, p, q);
        }
    }

    private static int hueOf(int r, int g, int b, int value, int range) {
        float rc = (float) (value - r) / range;
        float gc = (float) (value - g) / range;
        float bc = (float) (value - b) / range;
        float hue;
        if (r == value) {
            hue = bc - gc;
        } else if (g == value) {
            hue = (float) (2.0 + rc - bc);
        } else {
            hue = (float) (4.0 + gc - rc);
        }
        hue = (float) ((hue / 6.0 + 1.0) % 1.0);
        return Math.clamp((int) (hue * 255.0), 0, 255);
    }

    private static byte rounded(double value) {
        return (byte) Math.clamp((int) Math.floor(value + 0.5), 0, 255);
    }

    private static void put(byte[] result, int at, byte r, byte g, byte b) {
        result[at] = r;
        result[at + 1] = g;
        result[at + 2] = b;
    }
}
