package org.resnet4j.image.codec.webp;

import java.util.Arrays;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.PixelLimit;
import org.resnet4j.image.sample.PixelRows;
import org.resnet4j.image.sample.Region;

/**
 * A decoder of lossless WebP pictures, called VP8L (RFC 9649, sections 3 to 7). Time and memory are linear in the
 * numbers of bytes and pixels. The TwelveMonkeys reader (3.14.0, 3.15.0) is not used because it decodes pictures with
 * transparency and many colors to other pixels, and takes minutes for small files that claim a large size.
 */
final class Vp8lDecoder {
    private static final int SIGNATURE = 0x2f;
    private static final int SIZE_BITS = 14;

    private static final int PREDICTOR = 0;
    private static final int COLOR = 1;
    private static final int SUBTRACT_GREEN = 2;
    private static final int KINDS = 4;

    private final Vp8lBits bits;
    private final int width;
    private final int height;

    /** The transforms to invert, in this order from {@code firstTransform}. */
    private final Vp8lTransform[] transforms = new Vp8lTransform[KINDS];

    private int firstTransform = KINDS;
    private final boolean[] seen = new boolean[KINDS];

    /** The number of coded pixels of a row. */
    private int codedWidth;

    private Vp8lDecoder(Vp8lBits bits, int width, int height) throws MalformedImageException {
        PixelLimit.checkSize(ImageFormat.WEBP, width, height);
        this.bits = bits;
        this.width = width;
        this.height = height;
        this.codedWidth = width;
    }

    /** Reads the header of the VP8L picture in {@code bytes[start..end)}. */
    static Vp8lDecoder open(byte[] bytes, int start, int end) throws MalformedImageException {
        var bits = new Vp8lBits(bytes, start, end);
        if (bits.read(8) != SIGNATURE) {
            throw new MalformedImageException("the WebP picture does not begin with VP8L's signature");
        }
        int width = bits.read(SIZE_BITS) + 1;
        int height = bits.read(SIZE_BITS) + 1;
        bits.flag(); // whether there is any alpha
        if (bits.read(3) != 0) {
            throw new MalformedImageException("the WebP picture has an unknown version of VP8L");
        }
        bits.checkEnd();
        return new Vp8lDecoder(bits, width, height);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** Decodes the alpha plane in {@code bytes[start..end)}, which has no header, to check that it is complete. */
    static void checkAlpha(byte[] bytes, int start, int end, int width, int height) throws MalformedImageException {
        PixelLimit.check(ImageFormat.WEBP, width, height);
        new Vp8lDecoder(new Vp8lBits(bytes, start, end), width, height).readPixels();
    }

    private int[] readPixels() throws MalformedImageException {
        try {
            while (bits.flag()) {
                readTransform();
            }
            return Vp8lPixels.read(bits, codedWidth, height, true);
        } catch (MalformedImageException e) {
            // The made-up bits at the end of a truncated file can have any meaning.
            bits.checkEnd();
            throw e;
        }
    }

    /** Decodes the picture, once, and passes on the rows of a part of it; alpha is dropped. */
    void pass(Region part, PixelRows rows) throws MalformedImageException {
        int[] pixels = readPixels();
        int[] row = new int[width];
        byte[][] rgb = new byte[3][part.width() + PixelRows.PADDING];
        for (int y = 0; y < part.y() + part.height(); y++) {
            System.arraycopy(pixels, y * codedWidth, row, 0, codedWidth);
            for (int i = firstTransform; i < KINDS; i++) {
                transforms[i].restore(row, y);
            }
            if (y >= part.y()) {
                split(row, part.x(), part.width(), rgb);
                rows.next(rgb);
            }
        }
    }

    private static void split(int[] row, int from, int count, byte[][] rgb) {
        for (int x = 0; x < count; x++) {
            int pixel = row[from + x];
            rgb[0][x] = (byte) (pixel >> 16);
            rgb[1][x] = (byte) (pixel >> 8);
            rgb[2][x] = (byte) pixel;
        }
    }

    private void readTransform() throws MalformedImageException {
        int kind = bits.read(2);
        if (seen[kind]) {
            throw new MalformedImageException("the WebP data is damaged (a transform occurs twice)");
        }
        seen[kind] = true;
        transforms[--firstTransform] = switch (kind) {
            case PREDICTOR -> {
                int squareBits = 2 + bits.read(3);
                yield new Vp8lPredictor(codedWidth, squareBits, readSquares(squareBits));
            }
            case COLOR -> {
                int squareBits = 2 + bits.read(3);
                yield new Vp8lColorTransform(codedWidth, squareBits, readSquares(squareBits));
            }
            case SUBTRACT_GREEN -> new Vp8lSubtractGreen(codedWidth);
            default -> readPalette();
        };
    }

    private int[] readSquares(int squareBits) throws MalformedImageException {
        return Vp8lPixels.read(
                bits, Vp8lTransform.squares(codedWidth, squareBits), Vp8lTransform.squares(height, squareBits), false);
    }

    /** Reads the palette, in which each color is the difference from the previous one. */
    private Vp8lPalette readPalette() throws MalformedImageException {
        int count = bits.read(8) + 1;
        int packing = count > 16 ? 0 : count > 4 ? 1 : count > 2 ? 2 : 3;
        int[] colors = Arrays.copyOf(Vp8lPixels.read(bits, count, 1, false), 256);
        for (int i = 1; i < count; i++) {
            colors[i] = Vp8lTransform.add(colors[i], colors[i - 1]);
        }
        var palette = new Vp8lPalette(codedWidth, packing, colors);
        codedWidth = Vp8lTransform.squares(codedWidth, packing);
        return palette;
    }
}
