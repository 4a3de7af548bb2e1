package org.resnet4j.image.codec.png;

import java.io.IOException;
import org.resnet4j.image.Image;
import org.resnet4j.image.Orientation;
import org.resnet4j.image.codec.DecodingMemory;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.jdk.PluginDecoder;
import org.resnet4j.image.sample.PixelRows;
import org.resnet4j.image.sample.Region;

/**
 * A decoder of PNG: row by row, or with the JDK's reader if the file is interlaced, unusual or damaged. Color profiles
 * and transparency are left out.
 */
public final class PngDecoder {
    /** Memory for a column of the rows being decoded: two of 16-bit RGBA, and the samples. */
    private static final long ROW_BYTES = 20;

    private PngDecoder() {}

    /** Decodes the upright picture. */
    public static Image decode(PngFile file) throws IOException {
        Orientation orientation = file.orientation();
        int copies = orientation == Orientation.UPRIGHT ? 1 : 2;
        DecodingMemory.reserve((long) file.width() * file.height() * 3 * copies);
        Image stored = PngRows.decode(file);
        if (stored == null) {
            byte[] critical = file.critical();
            stored = PluginDecoder.decode(ImageFormat.PNG, critical, critical.length);
        }
        return orientation.upright(stored);
    }

    /**
     * Passes on the rows of a part of the stored picture, the samples of gray or of red, green and blue, and checks the
     * rest of the file.
     *
     * @return false if {@link #decode(PngFile)} has to decode the file, or reject it
     */
    public static boolean decode(PngFile file, Region region, PixelRows rows) {
        DecodingMemory.reserve(ROW_BYTES * file.width());
        return PngRows.decode(file, region, rows);
    }
}
