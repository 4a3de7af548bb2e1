package org.resnet4j.image.codec.tiff;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;

/**
 * The tags that the decoder reads in the first directory of a TIFF file (TIFF 6.0, section 2) or a BigTIFF file. Values
 * remain in the file; all of them are inside it.
 */
final class TiffDirectory {
    static final int WIDTH = 256;
    static final int HEIGHT = 257;
    static final int BITS_PER_SAMPLE = 258;
    static final int COMPRESSION = 259;
    static final int PHOTOMETRIC = 262;
    static final int FILL_ORDER = 266;
    static final int STRIP_OFFSETS = 273;
    static final int ORIENTATION = 274;
    static final int SAMPLES_PER_PIXEL = 277;
    static final int ROWS_PER_STRIP = 278;
    static final int STRIP_BYTE_COUNTS = 279;
    static final int PLANAR_CONFIGURATION = 284;
    static final int T4_OPTIONS = 292;
    static final int PREDICTOR = 317;
    static final int COLOR_MAP = 320;
    static final int TILE_WIDTH = 322;
    static final int TILE_HEIGHT = 323;
    static final int TILE_OFFSETS = 324;
    static final int TILE_BYTE_COUNTS = 325;
    static final int EXTRA_SAMPLES = 338;
    static final int SAMPLE_FORMAT = 339;
    static final int JPEG_TABLES = 347;
    static final int XMP = 700;

    private static final Set<Integer> KNOWN = Set.of(
            WIDTH,
            HEIGHT,
            BITS_PER_SAMPLE,
            COMPRESSION,
            PHOTOMETRIC,
            FILL_ORDER,
            STRIP_OFFSETS,
            ORIENTATION,
            SAMPLES_PER_PIXEL,
            ROWS_PER_STRIP,
            STRIP_BYTE_COUNTS,
            PLANAR_CONFIGURATION,
            T4_OPTIONS,
            PREDICTOR,
            COLOR_MAP,
            TILE_WIDTH,
            TILE_HEIGHT,
            TILE_OFFSETS,
            TILE_BYTE_COUNTS,
            EXTRA_SAMPLES,
            SAMPLE_FORMAT,
            JPEG_TABLES,
            XMP);

    /** The position of the values of a tag; each is an unsigned integer of {@code size} bytes. */
    private record Values(int size, int count, int at) {}

    private final ByteBuffer file;
    private final boolean big;
    private final Map<Integer, Values> tags = new HashMap<>();

    private TiffDirectory(ByteBuffer file, boolean big) {
        this.file = file;
        this.big = big;
    }

    /** Reads the directory of a file that begins with a TIFF signature. */
    static TiffDirectory parse(byte[] bytes) throws MalformedImageException {
        ByteBuffer file = ByteBuffer.wrap(bytes);
        file.order(bytes[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        boolean big = file.getShort(2) == 43;
        var directory = new TiffDirectory(file, big);
        directory.checkInside(0, big ? 16 : 8);
        if (big && (file.getShort(4) != 8 || file.getShort(6) != 0)) {
            throw new MalformedImageException("the BigTIFF header is damaged");
        }
        directory.readEntries(directory.unsigned(big ? 8 : 4, big ? 8 : 4));
        return directory;
    }

    private void readEntries(long start) throws MalformedImageException {
        int countBytes = big ? 8 : 2;
        int entryBytes = big ? 20 : 12;
        checkInside(start, countBytes);
        long entries = unsigned((int) start, countBytes);
        if (entries > file.limit() / entryBytes) {
            throw MalformedImageException.truncated(ImageFormat.TIFF);
        }
        int first = (int) start + countBytes;
        checkInside(first, entries * entryBytes);
        for (int i = 0; i < entries; i++) {
            readEntry(first + i * entryBytes);
        }
    }

    private void readEntry(int at) throws MalformedImageException {
        int tag = Short.toUnsignedInt(file.getShort(at));
        if (!KNOWN.contains(tag)) {
            return;
        }
        int size = switch (file.getShort(at + 2)) {
            case 1, 7 -> 1; // BYTE, UNDEFINED
            case 3 -> 2; // SHORT
            case 4, 13 -> 4; // LONG, IFD
            case 16, 18 -> 8; // LONG8, IFD8
            default ->
                throw new MalformedImageException("the values of the TIFF tag " + tag + " are not unsigned integers");
        };
        int inline = big ? 8 : 4;
        long count = unsigned(at + 4, inline);
        int valueAt = at + 4 + inline;
        if (count > file.limit() / size) {
            throw MalformedImageException.truncated(ImageFormat.TIFF);
        }
        if (count * size > inline) {
            long offset = unsigned(valueAt, inline);
            checkInside(offset, count * size);
            valueAt = (int) offset;
        }
        if (tags.put(tag, new Values(size, (int) count, valueAt)) != null) {
            throw new MalformedImageException("the TIFF tag " + tag + " is there twice");
        }
    }

    ByteOrder order() {
        return file.order();
    }

    boolean has(int tag) {
        return tags.containsKey(tag);
    }

    /** Returns the number of a tag's values; 0 if it is missing. */
    int count(int tag) {
        Values values = tags.get(tag);
        return values == null ? 0 : values.count;
    }

    /** Returns true if a tag has one value of two bytes or more: Pillow does not treat single bytes as numbers. */
    boolean isNumber(int tag) {
        Values values = tags.get(tag);
        return values != null && values.count == 1 && values.size > 1;
    }

    /** Returns one of a tag's values, which must exist. */
    long number(int tag, int index) throws MalformedImageException {
        Values values = tags.get(tag);
        if (values == null || index >= values.count) {
            throw new MalformedImageException("the TIFF tag " + tag + " is missing");
        }
        return unsigned(values.at + index * values.size, values.size);
    }

    /** Returns the value of a tag that has exactly one. */
    long number(int tag) throws MalformedImageException {
        return number(tag, 0);
    }

    /** Returns the value of a tag, or its default if it is absent. */
    long numberOr(int tag, long absent) throws MalformedImageException {
        return count(tag) == 0 ? absent : number(tag, 0);
    }

    /** Returns true if the first values of a tag are equal, or if there are none. */
    boolean isUniform(int tag, long first) throws MalformedImageException {
        for (int i = 1; i < Math.min(count(tag), first); i++) {
            if (number(tag, i) != number(tag, 0)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the bytes of a tag's values. */
    byte[] bytes(int tag) {
        Values values = tags.get(tag);
        if (values == null) {
            return new byte[0];
        }
        byte[] content = new byte[values.count * values.size];
        file.get(values.at, content);
        return content;
    }

    private void checkInside(long offset, long length) throws MalformedImageException {
        if (offset < 0 || length < 0 || offset > file.limit() || length > file.limit() - offset) {
            throw MalformedImageException.truncated(ImageFormat.TIFF);
        }
    }

    /** Returns the unsigned integer at a position; values above the range of a long become its maximum. */
    private long unsigned(int at, int size) {
        return switch (size) {
            case 1 -> file.get(at) & 0xff;
            case 2 -> Short.toUnsignedInt(file.getShort(at));
            case 4 -> Integer.toUnsignedLong(file.getInt(at));
            default -> file.getLong(at) < 0 ? Long.MAX_VALUE : file.getLong(at);
        };
    }
}
