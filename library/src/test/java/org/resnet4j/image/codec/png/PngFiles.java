package org.resnet4j.image.codec.png;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes PNG files of every kind, sound and unsound ones. */
final class PngFiles {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private PngFiles() {}

    /**
     * A kind of pixels.
     *
     * @param colors the number of colors in the palette, 0 without one
     */
    record Kind(int width, int height, int colorType, int bits, int colors) {
        int rowBytes() {
            int channels = switch (colorType) {
                case 2 -> 3;
                case 4 -> 2;
                case 6 -> 4;
                default -> 1;
            };
            return (width * channels * bits + 7) / 8;
        }
    }

    /** Returns noise with a filter in front of each row: one type, or any of the five if it is negative. */
    static byte[] rows(Kind kind, int filter, Random random) {
        byte[] rows = new byte[kind.height() * (1 + kind.rowBytes())];
        random.nextBytes(rows);
        for (int y = 0; y < kind.height(); y++) {
            rows[y * (1 + kind.rowBytes())] = (byte) (filter < 0 ? random.nextInt(5) : filter);
        }
        return rows;
    }

    static byte[] deflated(byte[] rows) {
        var out = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(out, new Deflater(1))) {
            deflater.write(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Returns a file whose data is cut into chunks of {@code piece} bytes. */
    static byte[] file(Kind kind, byte[] deflated, int piece, int interlace) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        var header = ByteBuffer.allocate(13).putInt(kind.width()).putInt(kind.height());
        header.put((byte) kind.bits()).put((byte) kind.colorType()).put(12, (byte) interlace);
        chunk(out, "IHDR", header.array());
        if (kind.colors() > 0) {
            byte[] palette = new byte[3 * kind.colors()];
            new Random(kind.colors()).nextBytes(palette);
            chunk(out, "PLTE", palette);
        }
        for (int from = 0; from < deflated.length; from += piece) {
            chunk(out, "IDAT", Arrays.copyOfRange(deflated, from, Math.min(deflated.length, from + piece)));
        }
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    static void chunk(ByteArrayOutputStream out, String type, byte[] content) {
        var checked = ByteBuffer.allocate(4 + content.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(content);
        var crc = new CRC32();
        crc.update(checked.array());
        out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        out.writeBytes(checked.array());
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
