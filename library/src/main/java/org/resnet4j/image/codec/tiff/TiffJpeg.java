package org.resnet4j.image.codec.tiff;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.jpeg.JpegDecoder;
import org.resnet4j.image.codec.jpeg.JpegHeader;

/**
 * JPEG-compressed strips and tiles of TIFF files (Adobe's technical note 2). Each is a separate JPEG file, usually with
 * its tables in a tag. The TIFF file defines the meaning of the samples.
 */
final class TiffJpeg {
    private static final int MARKER_BYTES = 2;

    /** The tables of a JPEG file never take more; they are copied for each strip. */
    private static final int MAX_TABLE_BYTES = 4096;

    private TiffJpeg() {}

    /** Opens the decoded samples of a strip or tile. */
    static InputStream open(TiffDirectory tags, TiffLayout layout, TiffGrid grid, byte[] segment, int rows)
            throws IOException {
        if (!ImageFormat.startsWith(segment, 0, "\u00ff\u00d8")) {
            throw new MalformedImageException("a JPEG-compressed part of the TIFF file does not begin as JPEG does");
        }
        if (tags.count(TiffDirectory.JPEG_TABLES) > MAX_TABLE_BYTES) {
            throw TiffCompression.unsupported("JPEG tables of " + tags.count(TiffDirectory.JPEG_TABLES) + " values");
        }
        JpegHeader header = JpegHeader.parse(withTables(tags.bytes(TiffDirectory.JPEG_TABLES), segment));
        int components = header.sampling().length;
        boolean fits = header.width() == grid.width()
                && (header.height() == rows || !grid.tiled() && header.height() == grid.height());
        if (!fits || components != layout.interleaved()) {
            throw new MalformedImageException("a JPEG-compressed part of the TIFF file has " + header.width() + "x"
                    + header.height() + " pixels of " + components + " samples, not " + grid.width() + "x" + rows
                    + " of " + layout.interleaved());
        }
        return new ByteArrayInputStream(JpegDecoder.samples(header));
    }

    private static byte[] withTables(byte[] tables, byte[] segment) {
        if (tables.length <= 2 * MARKER_BYTES) {
            return segment;
        }
        byte[] whole = Arrays.copyOf(tables, tables.length - 2 * MARKER_BYTES + segment.length);
        System.arraycopy(segment, MARKER_BYTES, whole, tables.length - MARKER_BYTES, segment.length - MARKER_BYTES);
        return whole;
    }
}
