package org.resnet4j.image.codec.tiff;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.InflaterInputStream;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;

/** The decompressed strips or tiles of a TIFF file. */
final class TiffSegments {
    private final byte[] bytes;
    private final TiffDirectory tags;
    private final TiffLayout layout;
    private final TiffGrid grid;
    private long opened;

    TiffSegments(byte[] bytes, TiffDirectory tags, TiffLayout layout, TiffGrid grid) {
        this.bytes = bytes;
        this.tags = tags;
        this.layout = layout;
        this.grid = grid;
    }

    /**
     * Returns the decompressed rows of a strip or tile; the stream ends early if the data does.
     *
     * @param rows the number of rows
     */
    InputStream open(int index, int rows) throws IOException {
        int from = locate(index, rows);
        int end = from + length(index, from, rows);
        // Decompressing a part costs more than its pixels, so none is decompressed twice.
        opened += end - from;
        if (opened > bytes.length && layout.compression() != TiffCompression.NONE) {
            throw TiffCompression.unsupported("parts that overlap");
        }
        if (layout.compression() == TiffCompression.JPEG) {
            return TiffJpeg.open(tags, layout, grid, Arrays.copyOfRange(bytes, from, end), rows);
        }
        return layout.reversedBits() ? expand(reversed(from, end), 0, end - from) : expand(bytes, from, end);
    }

    private InputStream expand(byte[] content, int from, int end) throws MalformedImageException {
        var data = new ByteArrayInputStream(content, from, end - from);
        return switch (layout.compression()) {
            case NONE, JPEG -> data;
            case PACK_BITS -> new PackBitsInputStream(data);
            case LZW -> new LzwInputStream(content, from, end);
            case DEFLATE -> new InflaterInputStream(data);
            case CCITT_RUNS, CCITT_T4, CCITT_T6 ->
                new FaxInputStream(
                        data,
                        grid.width(),
                        FaxInputStream.Coding.of(layout.compression(), tags.numberOr(TiffDirectory.T4_OPTIONS, 0)));
        };
    }

    /** Returns the start of a strip or tile; rejects one that is not completely inside the file. */
    int locate(int index, int rows) throws MalformedImageException {
        long start = tags.number(grid.offsetsTag(), index);
        if (start == 0) {
            throw TiffCompression.unsupported("parts that are left out");
        }
        if (start > bytes.length || length(index, start, rows) > bytes.length - start) {
            throw MalformedImageException.truncated(ImageFormat.TIFF);
        }
        return (int) start;
    }

    /**
     * Returns the bytes of a strip or tile. Writers of uncompressed files get the lengths wrong, so the size is used
     * there. If the lengths are missing or 0, the decompressor finds the end.
     */
    private int length(int index, long start, int rows) throws MalformedImageException {
        long length = tags.count(grid.countsTag()) > 0 ? tags.number(grid.countsTag(), index) : 0;
        if (layout.compression() == TiffCompression.NONE) {
            length = (long) layout.rowBytes(grid.width()) * rows;
        } else if (length == 0) {
            length = bytes.length - start;
        }
        return (int) Math.min(length, Integer.MAX_VALUE);
    }

    private byte[] reversed(int from, int end) {
        byte[] reversed = new byte[end - from];
        for (int i = 0; i < reversed.length; i++) {
            reversed[i] = (byte) (Integer.reverse(bytes[from + i]) >>> 24);
        }
        return reversed;
    }

    /** Verifies the checksum after the rows of a stream of {@link #open}, if there is one. */
    void checkEnd(InputStream rows) throws IOException {
        if (layout.compression() == TiffCompression.DEFLATE) {
            rows.read(); // makes the inflater read and verify the checksum
        }
    }
}
