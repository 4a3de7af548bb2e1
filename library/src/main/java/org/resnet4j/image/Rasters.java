package org.resnet4j.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Reads the samples of a {@link BufferedImage} as stored, without color management. Palettes are looked up, alpha is
 * dropped, and 16-bit samples yield their upper byte. Other kinds of samples are converted by the color model.
 */
final class Rasters {
    private static final int CHANNELS = 3;

    private Rasters() {}

    static Image toRgb(BufferedImage image) {
        ColorModel model = image.getColorModel();
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(image.getWidth(), image.getHeight()), CHANNELS)];
        if (model instanceof IndexColorModel palette) {
            fromPalette(image.getRaster(), palette, rgb);
        } else if (isStoredAsInFiles(model)) {
            fromBands(image.getRaster(), model.getComponentSize(0), rgb);
        } else {
            fromColors(image, rgb);
        }
        return new Image(image.getWidth(), image.getHeight(), CHANNELS, rgb);
    }

    private static void fromPalette(Raster raster, IndexColorModel palette, byte[] rgb) {
        int[] colors = new int[palette.getMapSize()];
        palette.getRGBs(colors);
        int[] row = new int[raster.getWidth()];
        for (int y = 0, at = 0; y < raster.getHeight(); y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
            for (int x = 0; x < row.length; x++, at += CHANNELS) {
                put(row[x] < colors.length ? colors[row[x]] : 0, rgb, at);
            }
        }
    }

    /** Returns true for gray or RGB with 8 or 16 bits per sample that is not multiplied by alpha. */
    private static boolean isStoredAsInFiles(ColorModel model) {
        int bits = model.getComponentSize(0);
        for (int i = 1; i < model.getNumColorComponents(); i++) {
            if (model.getComponentSize(i) != bits) {
                return false;
            }
        }
        int space = model.getColorSpace().getType();
        int storage = model.getTransferType();
        boolean unsigned = storage == DataBuffer.TYPE_BYTE
                || storage == DataBuffer.TYPE_USHORT
                || model instanceof DirectColorModel;
        return unsigned
                && (bits == 8 || bits == 16)
                && (space == ColorSpace.TYPE_RGB || space == ColorSpace.TYPE_GRAY)
                && !(model.hasAlpha() && model.isAlphaPremultiplied());
    }

    private static void fromBands(Raster raster, int bits, byte[] rgb) {
        int bands = raster.getNumBands();
        int green = bands >= CHANNELS ? 1 : 0;
        int blue = bands >= CHANNELS ? 2 : 0;
        int width = raster.getWidth();
        int[] row = new int[width * bands];
        for (int y = 0, at = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int from = 0; from < row.length; from += bands, at += CHANNELS) {
                rgb[at] = (byte) (row[from] >> bits - 8);
                rgb[at + 1] = (byte) (row[from + green] >> bits - 8);
                rgb[at + 2] = (byte) (row[from + blue] >> bits - 8);
            }
        }
    }

    private static void fromColors(BufferedImage image, byte[] rgb) {
        int width = image.getWidth();
        int[] row = new int[width];
        for (int y = 0, at = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++, at += CHANNELS) {
                put(row[x], rgb, at);
            }
        }
    }

    private static void put(int color, byte[] rgb, int at) {
        rgb[at] = (byte) (color >> 16);
        rgb[at + 1] = (byte) (color >> 8);
        rgb[at + 2] = (byte) color;
    }
}
