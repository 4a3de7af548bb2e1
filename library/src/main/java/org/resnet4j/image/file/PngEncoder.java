package org.resnet4j.image.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.resnet4j.image.Image;

/**
 * An encoder of PNG files with 8-bit gray, RGB or RGBA (PNG specification, third edition).
 *
 * @since 0.1.0
 */
public final class PngEncoder {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int GRAY = 0;
    private static final int TRUECOLOR = 2;
    private static final int TRUECOLOR_WITH_ALPHA = 6;
    private static final byte FILTER_UP = 2;

    private PngEncoder() {}

    /** Returns the bytes of the file, from which every reader restores the same pixels. */
    public static byte[] encode(Image image) {
        int color = image.channels() == 1 ? GRAY : TRUECOLOR;
        return encode(image.width(), image.height(), color, image.samples());
    }

    /**
     * Returns the bytes of a file with opacities.
     *
     * @param image three channels
     * @param alpha the opacity of each pixel, unsigned: 0 for a transparent one, 255 for an opaque one
     */
    public static byte[] encode(Image image, byte[] alpha) {
        int pixels = image.width() * image.height();
        if (image.channels() != 3 || alpha.length != pixels) {
            throw new IllegalArgumentException("an image with opacities needs 3 channels and " + pixels
                    + " opacities, got " + image.channels() + " and " + alpha.length);
        }
        byte[] samples = new byte[Math.multiplyExact(pixels, 4)];
        for (int i = 0; i < pixels; i++) {
            System.arraycopy(image.samples(), 3 * i, samples, 4 * i, 3);
            samples[4 * i + 3] = alpha[i];
        }
        return encode(image.width(), image.height(), TRUECOLOR_WITH_ALPHA, samples);
    }

    private static byte[] encode(int width, int height, int color, byte[] samples) {
        ByteBuffer header = ByteBuffer.allocate(13);
        header.putInt(width).putInt(height);
        header.put((byte) 8).put((byte) color);
        var file = new ByteArrayOutputStream();
        file.writeBytes(SIGNATURE);
        writeChunk(file, "IHDR", header.array());
        writeChunk(file, "IDAT", compress(filterRows(samples, height)));
        writeChunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    /** Encodes each row as the difference from the row above it, which compresses better. */
    private static byte[] filterRows(byte[] samples, int height) {
        int row = samples.length / height;
        byte[] filtered = new byte[Math.addExact(samples.length, height)];
        for (int y = 0, to = 0; y < height; y++) {
            filtered[to++] = FILTER_UP;
            for (int i = y * row; i < (y + 1) * row; i++) {
                filtered[to++] = (byte) (samples[i] - (y == 0 ? 0 : samples[i - row]));
            }
        }
        return filtered;
    }

    private static byte[] compress(byte[] data) {
        try (var deflater = new Deflater()) {
            deflater.setInput(data);
            deflater.finish();
            var compressed = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 14];
            while (!deflater.finished()) {
                compressed.write(buffer, 0, deflater.deflate(buffer));
            }
            return compressed.toByteArray();
        }
    }

    private static void writeChunk(ByteArrayOutputStream file, String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        var crc = new CRC32();
        crc.update(name);
        crc.update(content);
        file.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        file.writeBytes(name);
        file.writeBytes(content);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
