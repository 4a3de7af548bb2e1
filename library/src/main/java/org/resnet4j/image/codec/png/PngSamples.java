package org.resnet4j.image.codec.png;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.sample.PixelRows;
import org.resnet4j.image.sample.Pixels;

/**
 * The conversion of a row's bytes to 8-bit samples: palettes are looked up, alpha is dropped, and 16-bit samples give
 * their upper byte.
 */
final class PngSamples {
    private final int bits;

    /** The number of bytes of a pixel, and of a sample; 1 for pixels of fewer bits. */
    private final int pixelBytes;

    private final int sampleBytes;

    /** The number of channels, 1 for gray. */
    private final int channels;

    /** The samples of each channel by index; null if they are stored. */
    private final byte @Nullable [][] table;

    /** A row of each channel. */
    private final byte[][] planes;

    PngSamples(PngFile file) {
        bits = file.bits();
        sampleBytes = Math.max(1, bits / 8);
        pixelBytes = Math.max(1, file.channels() * bits / 8);
        channels = file.colorType() == PngFile.GRAY || file.colorType() == PngFile.GRAY_ALPHA ? 1 : 3;
        table = file.colorType() == PngFile.INDEXED ? colors(file.palette()) : bits < 8 ? grays(bits) : null;
        planes = new byte[channels][file.width() + PixelRows.PADDING];
    }

    private static byte[][] grays(int bits) {
        byte[] grays = new byte[1 << bits];
        for (int i = 0; i < grays.length; i++) {
            grays[i] = (byte) (i * 255 / (grays.length - 1));
        }
        return new byte[][] {grays};
    }

    /**
     * Returns the palette. Indices beyond its colors are black; or, as with the JDK's reader, of the last color if there
     * are 2, 4 or 16.
     */
    private static byte[][] colors(byte[] palette) {
        int count = palette.length / 3;
        byte[][] colors = new byte[3][256];
        Pixels.split(palette, 0, colors[0], colors[1], colors[2], count);
        if (count == 2 || count == 4 || count == 16) {
            for (byte[] channel : colors) {
                Arrays.fill(channel, count, channel.length, channel[count - 1]);
            }
        }
        return colors;
    }

    /** Returns the channels of {@code count} pixels from column {@code x} of a row that starts at {@code line[at]}. */
    byte[][] planes(byte[] line, int at, int x, int count) {
        if (table != null) {
            lookUp(table, line, at, x, count);
        } else if (pixelBytes == 3) {
            Pixels.split(line, at + 3 * x, planes[0], planes[1], planes[2], count);
        } else {
            for (int c = 0; c < channels; c++) {
                take(line, at + x * pixelBytes + c * sampleBytes, planes[c], count);
            }
        }
        return planes;
    }

    private void take(byte[] line, int at, byte[] plane, int count) {
        for (int i = 0, from = at; i < count; i++, from += pixelBytes) {
            plane[i] = line[from];
        }
    }

    private void lookUp(byte[][] samples, byte[] line, int at, int x, int count) {
        int mask = (1 << bits) - 1;
        for (int i = 0; i < count; i++) {
            int bit = (x + i) * bits;
            int index = line[at + (bit >> 3)] >> 8 - bits - (bit & 7) & mask;
            for (int c = 0; c < channels; c++) {
                planes[c][i] = samples[c][index];
            }
        }
    }

    /** Writes the pixels of a row as red, green and blue. */
    void rgb(byte[] line, int at, byte[] rgb, int to, int count) {
        if (table == null && pixelBytes == 3) {
            System.arraycopy(line, at, rgb, to, 3 * count);
        } else {
            planes(line, at, 0, count);
            Pixels.join(planes[0], planes[channels / 2], planes[channels - 1], rgb, to, count);
        }
    }

    /** Returns the number of bytes between neighbors in a row, which the filters use. */
    int pixelBytes() {
        return pixelBytes;
    }
}
