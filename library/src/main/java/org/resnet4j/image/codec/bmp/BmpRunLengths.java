package org.resnet4j.image.codec.bmp;

import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;

/**
 * A decompressor of the run-length encoding of BMP with 4 or 8 bits per pixel: pairs of a count and a value, and
 * escapes for the end of a row, the end of the picture, a move, and literal pixels.
 */
final class BmpRunLengths {
    private static final int END_OF_ROW = 0;
    private static final int END_OF_PICTURE = 1;
    private static final int MOVE = 2;

    private final byte[] bytes;
    private int at;
    private final boolean nibbles;
    private final int width;
    private final byte[] pixels;
    private int count;

    /** The current column; a run may exceed the end of its row. */
    private int column;

    private BmpRunLengths(byte[] bytes, int at, boolean nibbles, int width, byte[] pixels) {
        this.bytes = bytes;
        this.at = at;
        this.nibbles = nibbles;
        this.width = width;
        this.pixels = pixels;
    }

    /**
     * Reads as many pixels as the array has, in the order of the file; pixels that a move skips are 0.
     *
     * @throws MalformedImageException if the data ends before the last pixel
     */
    static void read(byte[] bytes, int at, boolean nibbles, int width, byte[] pixels) throws MalformedImageException {
        new BmpRunLengths(bytes, at, nibbles, width, pixels).read();
    }

    private void read() throws MalformedImageException {
        while (count < pixels.length) {
            int length = next();
            int value = next();
            if (length > 0) {
                run(length, value);
            } else if (value == END_OF_ROW) {
                count = Math.ceilDiv(count, width) * width;
                column = 0;
            } else if (value == END_OF_PICTURE) {
                throw MalformedImageException.truncated(ImageFormat.BMP);
            } else if (value == MOVE) {
                int right = next();
                long target = count + right + (long) next() * width;
                count = (int) Math.min(target, pixels.length);
                column = count % width;
            } else {
                literal(value);
            }
        }
    }

    /** Writes a run, which ends at the end of the row at the latest. */
    private void run(int length, int value) {
        int fitting = Math.clamp(width - (long) column, 0, length);
        for (int i = 0; i < fitting; i++) {
            append(nibbles ? (i % 2 == 0 ? value >> 4 : value & 15) : value);
        }
        column += fitting;
    }

    private void literal(int length) throws MalformedImageException {
        int byteCount = nibbles ? (length + 1) / 2 : length;
        for (int i = 0; i < byteCount; i++) {
            int value = next();
            append(nibbles ? value >> 4 : value);
            if (nibbles && 2 * i + 1 < length) {
                append(value & 15);
            }
        }
        column += length;
        at += byteCount & 1;
    }

    private void append(int pixel) {
        if (count < pixels.length) {
            pixels[count++] = (byte) pixel;
        }
    }

    private int next() throws MalformedImageException {
        if (at >= bytes.length) {
            throw MalformedImageException.truncated(ImageFormat.BMP);
        }
        return bytes[at++] & 0xff;
    }
}
