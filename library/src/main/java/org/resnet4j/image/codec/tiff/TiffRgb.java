package org.resnet4j.image.codec.tiff;

import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.jpeg.JpegDecoder;
import org.resnet4j.image.sample.Pixels;

/** The conversion of the one-byte samples of a TIFF file to RGB. */
final class TiffRgb {
    private final TiffDirectory tags;
    private final TiffLayout layout;

    TiffRgb(TiffDirectory tags, TiffLayout layout) {
        this.tags = tags;
        this.layout = layout;
    }

    /** Returns the colors of all pixels; the samples may be overwritten. */
    byte[] toRgb(byte[] samples) throws MalformedImageException {
        return switch (layout.colors()) {
            case BLACK_IS_ZERO -> Pixels.grayToRgb(samples);
            case WHITE_IS_ZERO -> Pixels.grayToRgb(inverted(samples));
            case PALETTE -> lookedUp(samples);
            case RGB -> layout.associatedAlpha() ? divided(samples) : samples;
            case YCBCR -> JpegDecoder.yccToRgb(samples, 3, samples.length / 3);
            case CMYK -> withoutInk(samples);
        };
    }

    private static byte[] inverted(byte[] gray) {
        for (int i = 0; i < gray.length; i++) {
            gray[i] = (byte) ~gray[i];
        }
        return gray;
    }

    /**
     * Looks up the palette, which stores all reds, then all greens, then all blues, with 16 bits, of which Pillow uses
     * the upper byte.
     */
    private byte[] lookedUp(byte[] indices) throws MalformedImageException {
        int colors = 1 << layout.bits();
        int given = tags.count(TiffDirectory.COLOR_MAP);
        if (given != 3 * colors) {
            throw new MalformedImageException("the TIFF color map has " + given + " values, not " + 3 * colors);
        }
        byte[] palette = new byte[3 * colors];
        for (int i = 0; i < colors; i++) {
            for (int c = 0; c < 3; c++) {
                palette[3 * i + c] = (byte) (tags.number(TiffDirectory.COLOR_MAP, c * colors + i) >> 8);
            }
        }
        byte[] rgb = new byte[Math.multiplyExact(indices.length, 3)];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(palette, 3 * (indices[i] & 0xff), rgb, 3 * i, 3);
        }
        return rgb;
    }

    /** Divides the colors by alpha, as Pillow does. */
    private static byte[] divided(byte[] rgba) {
        byte[] rgb = new byte[rgba.length / 4 * 3];
        for (int from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
            int alpha = rgba[from + 3] & 0xff;
            for (int c = 0; c < 3 && alpha > 0; c++) {
                rgb[to + c] = Pixels.clip((rgba[from + c] & 0xff) * 255 / alpha);
            }
        }
        return rgb;
    }

    private static byte[] withoutInk(byte[] cmyk) {
        byte[] rgb = new byte[cmyk.length / 4 * 3];
        for (int from = 0, to = 0; from < cmyk.length; from += 4, to += 3) {
            Pixels.cmykToRgb(
                    cmyk[from] & 0xff, cmyk[from + 1] & 0xff, cmyk[from + 2] & 0xff, cmyk[from + 3] & 0xff, rgb, to);
        }
        return rgb;
    }
}
