package org.resnet4j.image.codec.jdk;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import org.resnet4j.image.Image;
import org.resnet4j.image.codec.MalformedImageException;

/**
 * Access to the stored samples of a {@link BufferedImage} without ImageIO's color management: palettes are looked up,
 * alpha is dropped, and 16-bit samples give their upper byte.
 */
final class Rasters {
    private Rasters() {}

    static Image toRgb(BufferedImage image) throws MalformedImageException {
        ColorModel model = image.getColorModel();
        return switch (model) {
            case IndexColorModel palette -> fromPalette(image.getRaster(), palette);
            default -> fromBands(image.getRaster(), model);
        };
    }

    private static Image fromPalette(Raster raster, IndexColorModel palette) {
        int[] colors = new int[palette.getMapSize()];
        palette.getRGBs(colors);
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] rgb = new byte[width * height * 3];
        int[] row = new int[width];
        for (int y = 0, at = 0; y < height; y++) {
            raster.getSamples(0, y, width, 1, 0, row);
            for (int x = 0; x < width; x++, at += 3) {
                int color = row[x] < colors.length ? colors[row[x]] : 0;
                rgb[at] = (byte) (color >> 16);
                rgb[at + 1] = (byte) (color >> 8);
                rgb[at + 2] = (byte) color;
            }
        }
        return new Image(width, height, 3, rgb);
    }

    private static Image fromBands(Raster raster, ColorModel model) throws MalformedImageException {
        int bits = model.getComponentSize(0);
        boolean integers =
                raster.getTransferType() == DataBuffer.TYPE_BYTE || raster.getTransferType() == DataBuffer.TYPE_USHORT;
        if (!integers || bits != 8 && bits != 16) {
            throw new MalformedImageException("samples of " + bits + " bits"
                    + (integers ? "" : " that are not unsigned integers") + " are not supported, only 8 and 16");
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        int bands = raster.getNumBands();
        int green = bands >= 3 ? 1 : 0;
        int blue = bands >= 3 ? 2 : 0;
        byte[] rgb = new byte[width * height * 3];
        int[] row = new int[width * bands];
        for (int y = 0, at = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int from = 0; from < row.length; from += bands, at += 3) {
                rgb[at] = (byte) (row[from] >> bits - 8);
                rgb[at + 1] = (byte) (row[from + green] >> bits - 8);
                rgb[at + 2] = (byte) (row[from + blue] >> bits - 8);
            }
        }
        return new Image(width, height, 3, rgb);
    }
}
