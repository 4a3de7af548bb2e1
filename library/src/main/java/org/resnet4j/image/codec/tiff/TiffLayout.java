package org.resnet4j.image.codec.tiff;

import java.nio.ByteOrder;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.PixelLimit;

/**
 * The storage of the pixels of a TIFF file. Only combinations whose pixels are known to equal Pillow's are accepted;
 * the others are rejected by name.
 *
 * @param width the width of the stored picture, in pixels
 * @param height the height of the stored picture, in pixels
 * @param samples the samples per pixel, including those beyond its color
 * @param bits the bits of a sample: 1, 2, 4, 8 or 16; or 32 for floating-point numbers
 * @param separate true if each sample has a separate plane
 * @param associatedAlpha true if the colors are multiplied by the first of the extra samples
 */
record TiffLayout(
        int width,
        int height,
        TiffColors colors,
        int samples,
        int bits,
        boolean separate,
        boolean associatedAlpha,
        Coding coding) {
    /**
     * The coding of the samples.
     *
     * @param predictor 1 (none), 2 (differences of neighbors) or 3 (differences of floating-point numbers)
     * @param reversedBits true if the first pixel of a byte is in its lowest bits
     */
    record Coding(TiffCompression compression, int predictor, boolean reversedBits) {}

    private static final int MAX_SAMPLES = 6;
    private static final int UNSIGNED = 1;
    private static final int FLOAT = 3;
    private static final int ASSOCIATED = 1;

    TiffCompression compression() {
        return coding.compression();
    }

    int predictor() {
        return coding.predictor();
    }

    boolean reversedBits() {
        return coding.reversedBits();
    }

    static TiffLayout of(TiffDirectory tags) throws MalformedImageException {
        long width = tags.number(TiffDirectory.WIDTH);
        long height = tags.number(TiffDirectory.HEIGHT);
        PixelLimit.check(ImageFormat.TIFF, width, height);
        TiffCompression compression = TiffCompression.of(tags.numberOr(TiffDirectory.COMPRESSION, 1));
        boolean planes = option(tags, TiffDirectory.PLANAR_CONFIGURATION, "planar configuration", 2) == 2;
        long samples = tags.numberOr(TiffDirectory.SAMPLES_PER_PIXEL, 1);
        if (samples < 1 || samples > MAX_SAMPLES) {
            throw TiffCompression.unsupported(samples + " samples a pixel");
        }
        var layout = new TiffLayout(
                (int) width,
                (int) height,
                TiffColors.of(tags.numberOr(TiffDirectory.PHOTOMETRIC, 0)),
                (int) samples,
                bits(tags, samples),
                planes && samples > 1,
                hasAssociatedAlpha(tags),
                new Coding(
                        compression,
                        compression.hasPredictor() ? option(tags, TiffDirectory.PREDICTOR, "predictor", 3) : 1,
                        option(tags, TiffDirectory.FILL_ORDER, "fill order", 2) == 2));
        layout.checkSamples(tags);
        layout.checkCompression();
        layout.checkMistaken(planes, tags.order());
        return layout;
    }

    /** Returns the value of an enumerated tag whose default is 1. */
    private static int option(TiffDirectory tags, int tag, String name, int last) throws MalformedImageException {
        long value = tags.numberOr(tag, 1);
        if (value < 1 || value > last) {
            throw TiffCompression.unsupported("the " + name + " " + value);
        }
        return (int) value;
    }

    private static int bits(TiffDirectory tags, long samples) throws MalformedImageException {
        int given = tags.count(TiffDirectory.BITS_PER_SAMPLE);
        if (given > 1 && given < samples) {
            throw new MalformedImageException(
                    "the TIFF file has " + samples + " samples a pixel, and the bits of " + given);
        }
        if (!tags.isUniform(TiffDirectory.BITS_PER_SAMPLE, samples)
                || !tags.isUniform(TiffDirectory.SAMPLE_FORMAT, samples)) {
            throw TiffCompression.unsupported("samples of different kinds");
        }
        long bits = tags.numberOr(TiffDirectory.BITS_PER_SAMPLE, 1);
        long format = tags.numberOr(TiffDirectory.SAMPLE_FORMAT, UNSIGNED);
        if (format == FLOAT && bits == 16) {
            throw TiffCompression.unsupported("half-float samples");
        }
        if (format == FLOAT ? bits != 32 : format != UNSIGNED || bits > 16 || Long.bitCount(bits) != 1) {
            String kind = switch ((int) Math.min(format, Integer.MAX_VALUE)) {
                case UNSIGNED -> "";
                case 2 -> "signed ";
                case FLOAT -> "floating-point ";
                case 5, 6 -> "complex ";
                default -> "undefined ";
            };
            throw TiffCompression.unsupported(kind + "samples of " + bits + " bits");
        }
        return (int) bits;
    }

    private static boolean hasAssociatedAlpha(TiffDirectory tags) throws MalformedImageException {
        for (int i = 1; i < tags.count(TiffDirectory.EXTRA_SAMPLES); i++) {
            if (tags.number(TiffDirectory.EXTRA_SAMPLES, i) == ASSOCIATED) {
                throw TiffCompression.unsupported("associated alpha that is not the first extra sample");
            }
        }
        return tags.numberOr(TiffDirectory.EXTRA_SAMPLES, 0) == ASSOCIATED;
    }

    private void checkSamples(TiffDirectory tags) throws MalformedImageException {
        int extra = samples - colors.samples();
        int named = tags.count(TiffDirectory.EXTRA_SAMPLES);
        boolean unnamedAlpha = colors == TiffColors.RGB && extra == 1 && named == 0;
        if (extra < 0 || named != extra && !unnamedAlpha) {
            throw new MalformedImageException("the TIFF file has " + samples + " samples a pixel, of which "
                    + colors.samples() + " are the color (" + colors + ") and " + named + " are extra");
        }
        if (associatedAlpha && colors != TiffColors.RGB) {
            throw TiffCompression.unsupported("associated alpha of " + colors + " samples");
        }
        boolean single = colors.isGray() || colors == TiffColors.PALETTE;
        if (bits < 8 && (!single || samples > 1)) {
            throw TiffCompression.unsupported(samples + " samples of " + bits + " bits");
        }
        if (bits > 8 && (colors == TiffColors.PALETTE || colors == TiffColors.WHITE_IS_ZERO)) {
            throw TiffCompression.unsupported(colors + " samples of " + bits + " bits");
        }
        if (bits == 32 && (colors != TiffColors.BLACK_IS_ZERO || samples > 1)) {
            throw TiffCompression.unsupported(samples + " floating-point samples a pixel");
        }
    }

    private void checkCompression() throws MalformedImageException {
        if (colors == TiffColors.YCBCR
                && (compression() != TiffCompression.JPEG || separate || samples != colors.samples())) {
            throw TiffCompression.unsupported("YCbCr samples that are not JPEG-compressed");
        }
        if (compression().isCcitt() && (bits > 1 || colors == TiffColors.PALETTE)) {
            throw TiffCompression.unsupported("CCITT compression of " + bits + "-bit " + colors + " samples");
        }
        if (compression() == TiffCompression.JPEG && (bits != 8 || colors == TiffColors.PALETTE)) {
            throw TiffCompression.unsupported("JPEG compression of " + bits + "-bit " + colors + " samples");
        }
        if (predictor() == 2 && bits < 8 || predictor() == 3 && bits != 32) {
            throw TiffCompression.unsupported("the predictor " + predictor() + " of samples of " + bits + " bits");
        }
    }

    /** Rejects files for which Pillow's pixels are wrong. */
    private void checkMistaken(boolean planes, ByteOrder order) throws MalformedImageException {
        boolean compressed = compression() != TiffCompression.NONE;
        if (compressed && bits == 32 && order == ByteOrder.BIG_ENDIAN) {
            throw TiffCompression.unsupported("compressed floating-point samples in big-endian order");
        }
        if (!compressed && planes && (bits != 8 || colors == TiffColors.WHITE_IS_ZERO || reversedBits())) {
            throw TiffCompression.unsupported("uncompressed planes of samples other than plain bytes");
        }
    }

    /**
     * Returns the number of samples that determine the color of a pixel, including the alpha that it is multiplied by.
     */
    int usedSamples() {
        return colors.samples() + (associatedAlpha ? 1 : 0);
    }

    /** Returns the number of stored planes. */
    int planes() {
        return separate ? samples : 1;
    }

    /** Returns the number of planes that are read. */
    int usedPlanes() {
        return separate ? usedSamples() : 1;
    }

    /** Returns the number of interleaved samples per pixel in a row. */
    int interleaved() {
        return separate ? 1 : samples;
    }

    /** Returns the bytes of a row of this many pixels. */
    int rowBytes(int pixels) {
        return Math.toIntExact(Math.ceilDiv((long) pixels * interleaved() * bits, 8));
    }
}
