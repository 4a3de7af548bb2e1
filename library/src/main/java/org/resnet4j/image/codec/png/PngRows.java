package org.resnet4j.image.codec.png;

import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.Image;
import org.resnet4j.image.sample.PixelRows;
import org.resnet4j.image.sample.Region;

/**
 * A decoder of PNG that holds two rows at a time. It reads files that are not interlaced and have no errors; the JDK's
 * reader decodes or rejects the others.
 */
final class PngRows {
    /** The zeros before a row, as many as the largest pixel has bytes. The filter type is read into the last. */
    private static final int BEFORE = 8;

    private final PngFile file;
    private final PngSamples samples;

    private PngRows(PngFile file) {
        this.file = file;
        samples = new PngSamples(file);
    }

    /** A receiver of a row whose bytes start at {@code line[at]}. */
    private interface Lines {
        void next(int y, byte[] line, int at);
    }

    /** Returns the stored picture; null if the JDK's reader has to decode it. */
    static @Nullable Image decode(PngFile file) {
        int width = file.width();
        int height = file.height();
        if (!file.isPlain()) {
            return null;
        }
        var rows = new PngRows(file);
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        boolean complete = rows.read(
                height, (y, line, at) -> rows.samples.rgb(line, at, rgb, Math.multiplyExact(y, width) * 3, width));
        return complete ? new Image(width, height, 3, rgb) : null;
    }

    /** Passes on a part of the stored picture; returns false if the JDK's reader has to decode the file. */
    static boolean decode(PngFile file, Region part, PixelRows rows) {
        if (!file.isPlain()) {
            return false;
        }
        var png = new PngRows(file);
        return png.read(part.y() + part.height(), (y, line, at) -> {
            if (y >= part.y()) {
                rows.next(png.samples.planes(line, at, part.x(), part.width()));
            }
        });
    }

    /** Passes on the rows above {@code end}, and checks the others. Returns false if there is an error. */
    private boolean read(int end, Lines lines) {
        int rowBytes = Math.toIntExact(file.rowBytes());
        byte[] line = new byte[BEFORE + rowBytes];
        byte[] above = new byte[BEFORE + rowBytes];
        try (var data = file.data()) {
            for (int y = 0; y < file.height(); y++) {
                if (!data.read(line, BEFORE - 1, 1 + rowBytes)) {
                    return false;
                }
                int type = line[BEFORE - 1] & 0xff;
                line[BEFORE - 1] = 0;
                if (type >= PngFilter.TYPES) {
                    return false;
                }
                if (y < end) {
                    PngFilter.restore(type, line, above, BEFORE, BEFORE + rowBytes, samples.pixelBytes());
                    lines.next(y, line, BEFORE);
                }
                byte[] spare = above;
                above = line;
                line = spare;
            }
            return data.isAtEnd();
        } catch (DataFormatException damaged) {
            return false;
        }
    }
}
