package org.resnet4j.image.codec.bmp;

import org.resnet4j.image.Image;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;

/**
 * A decoder of BMP with 1, 4, 8, 16, 24 and 32 bits per pixel, with color masks and run-length encoding. Alpha is
 * dropped. The JDK's reader is not used because it trusts size fields that are often 0, and fills in pixels if run
 * lengths end early.
 */
public final class BmpDecoder {
    private final byte[] bytes;
    private final BmpHeader header;

    private BmpDecoder(byte[] bytes, BmpHeader header) {
        this.bytes = bytes;
        this.header = header;
    }

    public static Image decode(byte[] bytes) throws MalformedImageException {
        return new BmpDecoder(bytes, BmpHeader.parse(bytes)).decode();
    }

    private Image decode() throws MalformedImageException {
        int width = header.width();
        int height = header.height();
        boolean runLengths =
                header.compression() == BmpHeader.RUN_LENGTHS_8 || header.compression() == BmpHeader.RUN_LENGTHS_4;
        if (!runLengths) {
            checkLength();
        }
        byte[] numbers = new byte[runLengths ? width * height : 0];
        if (runLengths) {
            boolean nibbles = header.compression() == BmpHeader.RUN_LENGTHS_4;
            BmpRunLengths.read(bytes, header.pixelsAt(), nibbles, width, numbers);
        }
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        for (int row = 0; row < height; row++) {
            int to = (header.topDown() ? row : height - 1 - row) * width * 3;
            if (runLengths) {
                lookUp(numbers, row * width, 8, rgb, to);
            } else if (header.bits() <= 8) {
                lookUp(bytes, header.pixelsAt() + row * stride(), header.bits(), rgb, to);
            } else {
                unmask(header.pixelsAt() + row * stride(), rgb, to);
            }
        }
        return new Image(width, height, 3, rgb);
    }

    /** Returns the row size, padded to four bytes; the last row may lack the padding. */
    private int stride() {
        return (int) (((long) header.width() * header.bits() + 31 >> 3) & ~3L);
    }

    private void checkLength() throws MalformedImageException {
        long lastRow = ((long) header.width() * header.bits() + 7) / 8;
        if (header.pixelsAt() + (header.height() - 1L) * stride() + lastRow > bytes.length) {
            throw MalformedImageException.truncated(ImageFormat.BMP);
        }
    }

    private void lookUp(byte[] numbers, int from, int bits, byte[] rgb, int to) {
        int mask = (1 << bits) - 1;
        int perByte = 8 / bits;
        for (int x = 0; x < header.width(); x++) {
            int shift = (perByte - 1 - x % perByte) * bits;
            header.colors().write(numbers[from + x / perByte] >> shift & mask, rgb, to + 3 * x);
        }
    }

    /** Scales the samples to 255 and truncates them, as Pillow does. */
    private void unmask(int from, byte[] rgb, int to) {
        int pixelBytes = header.bits() / 8;
        for (int x = 0; x < header.width(); x++) {
            int pixel = 0;
            for (int i = 0; i < pixelBytes; i++) {
                pixel |= (bytes[from + x * pixelBytes + i] & 0xff) << 8 * i;
            }
            for (int c = 0; c < 3; c++) {
                int mask = header.masks()[c];
                int shift = Integer.numberOfTrailingZeros(mask);
                rgb[to + 3 * x + c] = (byte) (255L * ((pixel & mask) >>> shift) / (mask >>> shift));
            }
        }
    }
}
