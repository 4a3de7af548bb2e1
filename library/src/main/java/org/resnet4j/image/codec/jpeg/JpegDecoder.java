package org.resnet4j.image.codec.jpeg;

import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import org.resnet4j.image.Image;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.PixelLimit;
import org.resnet4j.image.codec.jdk.ImageReaders;
import org.resnet4j.image.sample.Pixels;
import org.resnet4j.kernel.ColorFactors;

/**
 * A decoder of JPEG. {@link JpegPartDecoder} decodes the usual files; the JDK's libjpeg does entropy decoding, inverse
 * transform and upsampling of the others, and reports damage. Colors are converted here by libjpeg's integer formulas,
 * because ImageIO's conversions use color profiles and differ from all other decoders.
 */
public final class JpegDecoder {
    private static final int[] RED_OF_CR = new int[256];
    private static final int[] BLUE_OF_CB = new int[256];
    private static final int[] GREEN_OF_CR = new int[256];
    private static final int[] GREEN_OF_CB = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int x = i - 128;
            RED_OF_CR[i] = ColorFactors.RED_OF_CR * x + ColorFactors.HALF >> ColorFactors.FRACTION;
            BLUE_OF_CB[i] = ColorFactors.BLUE_OF_CB * x + ColorFactors.HALF >> ColorFactors.FRACTION;
            GREEN_OF_CR[i] = ColorFactors.GREEN_OF_CR * x;
            GREEN_OF_CB[i] = ColorFactors.GREEN_OF_CB * x + ColorFactors.HALF;
        }
    }

    private JpegDecoder() {}

    public static Image decode(byte[] bytes) throws IOException {
        JpegHeader header = JpegHeader.parse(bytes);
        PixelLimit.check(ImageFormat.JPEG, header.width(), header.height());
        Image image = JpegPartDecoder.decodeWhole(header);
        return header.orientation().upright(image != null ? image : decodeUnusual(header));
    }

    /** Decodes with the JDK's libjpeg, without turning the picture upright. */
    static Image decodeUnusual(JpegHeader header) throws IOException {
        byte[] raw = samples(header);
        int pixels = header.width() * header.height();
        byte[] rgb = switch (header.colors()) {
            case GRAY -> Pixels.grayToRgb(raw);
            case RGB -> raw;
            case YCC -> yccToRgb(raw, 3, pixels);
            case CMYK -> invertedCmykToRgb(raw, pixels);
            case YCCK -> invertedCmykToRgb(complementColors(yccToRgb(raw, 4, pixels), pixels), pixels);
        };
        return new Image(header.width(), header.height(), 3, rgb);
    }

    /** Returns the stored samples of all components, interleaved; their size is not checked. */
    public static byte[] samples(JpegHeader header) throws IOException {
        if (!header.canHoldPixels()) {
            throw MalformedImageException.truncated(ImageFormat.JPEG);
        }
        var warnings = new JpegWarnings();
        byte[] bytes = header.coded().stripped();
        Raster raster = ImageReaders.read(ImageFormat.JPEG, bytes, bytes.length, reader -> {
            reader.addIIOReadWarningListener(warnings);
            return reader.readRaster(0, null);
        });
        warnings.check();
        byte[] raw = samples(raster, header);
        smoothHalvedRows(raw, header);
        return raw;
    }

    /** Returns the storage of the raster, which is interleaved without gaps in every version of the JDK's reader. */
    private static byte[] samples(Raster raster, JpegHeader header) throws MalformedImageException {
        int bands = raster.getNumBands();
        int expected = switch (header.colors()) {
            case GRAY -> 1;
            case RGB, YCC -> 3;
            case CMYK, YCCK -> 4;
        };
        if (bands != expected || raster.getWidth() != header.width() || raster.getHeight() != header.height()) {
            throw new MalformedImageException("the JPEG data does not match the frame header");
        }
        if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte buffer
                && model.getPixelStride() == bands
                && model.getScanlineStride() == bands * header.width()
                && isIdentity(model.getBandOffsets())
                && buffer.getOffset() == 0
                && buffer.getSize() == bands * header.width() * header.height()) {
            return buffer.getData();
        }
        byte[] copy = new byte[bands * header.width() * header.height()];
        int[] row = new int[bands * header.width()];
        for (int y = 0; y < header.height(); y++) {
            raster.getPixels(0, y, header.width(), 1, row);
            for (int i = 0; i < row.length; i++) {
                copy[y * row.length + i] = (byte) row[i];
            }
        }
        return copy;
    }

    private static boolean isIdentity(int[] offsets) {
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] != i) {
                return false;
            }
        }
        return true;
    }

    /**
     * Converts the first three of {@code stride} samples of each pixel in place (JFIF 1.02; rounding of libjpeg's
     * jdcolor.c).
     */
    public static byte[] yccToRgb(byte[] samples, int stride, int pixels) {
        for (int i = 0, at = 0; i < pixels; i++, at += stride) {
            int y = samples[at] & 0xff;
            int cb = samples[at + 1] & 0xff;
            int cr = samples[at + 2] & 0xff;
            samples[at] = Pixels.clip(y + RED_OF_CR[cr]);
            samples[at + 1] = Pixels.clip(y + (GREEN_OF_CB[cb] + GREEN_OF_CR[cr] >> ColorFactors.FRACTION));
            samples[at + 2] = Pixels.clip(y + BLUE_OF_CB[cb]);
        }
        return samples;
    }

    /**
     * Smooths components with half of the rows and all of the columns (4:4:0, as in rotated 4:2:2 files). The JDK's
     * libjpeg repeats their rows; newer versions weight the nearer row with 3/4 and the farther one with 1/4, as
     * everywhere else.
     */
    private static void smoothHalvedRows(byte[] samples, JpegHeader header) {
        int components = samples.length / (header.width() * header.height());
        int stride = header.width() * components;
        for (int c = 0; c < components; c++) {
            if (header.hasHalvedRows(c)) {
                for (int x = c; x < stride; x += components) {
                    smoothColumn(samples, x, stride, header.height());
                }
            }
        }
    }

    private static void smoothColumn(byte[] samples, int first, int stride, int height) {
        int above = samples[first] & 0xff;
        int here = above;
        for (int y = 0; y < height; y += 2) {
            int at = first + y * stride;
            int below = y + 2 < height ? samples[at + 2 * stride] & 0xff : here;
            samples[at] = (byte) (3 * here + above + 1 >> 2);
            if (y + 1 < height) {
                samples[at + stride] = (byte) (3 * here + below + 2 >> 2);
            }
            above = here;
            here = below;
        }
    }

    private static byte[] complementColors(byte[] samples, int pixels) {
        for (int i = 0, at = 0; i < pixels; i++, at += 4) {
            samples[at] = (byte) ~samples[at];
            samples[at + 1] = (byte) ~samples[at + 1];
            samples[at + 2] = (byte) ~samples[at + 2];
        }
        return samples;
    }

    /**
     * Converts four-color samples. They store 255 minus the amount of ink: Adobe does so, and Pillow assumes it for all
     * files.
     */
    private static byte[] invertedCmykToRgb(byte[] samples, int pixels) {
        byte[] rgb = new byte[3 * pixels];
        for (int i = 0; i < pixels; i++) {
            Pixels.cmykToRgb(
                    ~samples[4 * i] & 0xff,
                    ~samples[4 * i + 1] & 0xff,
                    ~samples[4 * i + 2] & 0xff,
                    ~samples[4 * i + 3] & 0xff,
                    rgb,
                    3 * i);
        }
        return rgb;
    }
}
