package org.resnet4j.image.codec.png;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.resnet4j.image.Orientation;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.Metadata;
import org.resnet4j.image.codec.PixelLimit;

/**
 * A PNG file whose chunks have been checked and whose pixels have not been decoded. The critical chunks must be known;
 * their checksums are verified, and those of other chunks up to the pixels, as in Pillow. Of the other chunks only the
 * orientation in eXIf or in a text is read (PNG specification, third edition, sections 5 and 11).
 */
public final class PngFile {
    static final int GRAY = 0;
    static final int TRUECOLOR = 2;
    static final int INDEXED = 3;
    static final int GRAY_ALPHA = 4;
    static final int TRUECOLOR_ALPHA = 6;

    private static final int SIGNATURE_BYTES = 8;
    private static final int CHUNK_OVERHEAD = 12;
    private static final int CONTENT = 8;
    private static final int HEADER = chunkType("IHDR");
    private static final int PALETTE = chunkType("PLTE");
    private static final int DATA = chunkType("IDAT");
    private static final int END = chunkType("IEND");
    private static final int EXIF = chunkType("eXIf");
    private static final int TEXT = chunkType("tEXt");
    private static final int COMPRESSED_TEXT = chunkType("zTXt");
    private static final int INTERNATIONAL_TEXT = chunkType("iTXt");

    /** The maximum number of bytes that a byte of deflated data can represent. */
    private static final int MAX_DEFLATION = 1032;

    private static final int ANCILLARY_BIT = 0x20 << 24;

    private final byte[] bytes;
    private final ByteBuffer png;
    private final Metadata metadata = new Metadata();

    /** The positions of the palette and of the first data, 0 while there is none. */
    private int paletteAt;

    private int dataAt;
    private long dataBytes;
    private int criticalBytes = SIGNATURE_BYTES;

    /** True while the critical chunks follow each other as in the specification. */
    private boolean ordered = true;

    private PngFile(byte[] bytes) {
        this.bytes = bytes;
        png = ByteBuffer.wrap(bytes);
    }

    /**
     * Checks the chunks.
     *
     * @param bytes the whole file; retained, not copied
     */
    public static PngFile parse(byte[] bytes) throws MalformedImageException {
        var file = new PngFile(bytes);
        file.readChunks();
        file.checkDataBytes();
        return file;
    }

    private void readChunks() throws MalformedImageException {
        var texts = new PngTexts(bytes, metadata);
        int before = 0;
        for (int at = SIGNATURE_BYTES, type = 0; type != END; ) {
            if (bytes.length - at < CHUNK_OVERHEAD || png.getInt(at) > bytes.length - at - CHUNK_OVERHEAD) {
                throw MalformedImageException.truncated(ImageFormat.PNG);
            }
            int length = png.getInt(at);
            type = png.getInt(at + 4);
            if (length < 0 || at == SIGNATURE_BYTES && (type != HEADER || length != 13)) {
                throw new MalformedImageException("the PNG header is damaged");
            }
            boolean critical = (type & ANCILLARY_BIT) == 0;
            if (critical || dataBytes == 0) {
                checkSum(at, length);
            }
            if (critical) {
                checkKnown(type, at);
                readCritical(type, at, length, before);
                before = type;
            } else {
                readMetadata(type, at + CONTENT, at + CONTENT + length, texts);
            }
            at += length + CHUNK_OVERHEAD;
        }
    }

    private void readCritical(int type, int at, int length, int before) throws MalformedImageException {
        criticalBytes += length + CHUNK_OVERHEAD;
        if (type == HEADER) {
            ordered &= before == 0;
            PixelLimit.checkSize(
                    ImageFormat.PNG,
                    Integer.toUnsignedLong(png.getInt(at + CONTENT)),
                    Integer.toUnsignedLong(png.getInt(at + CONTENT + 4)));
        } else if (type == PALETTE) {
            ordered &= before == HEADER && colorType() == INDEXED;
            paletteAt = at;
        } else if (type == DATA) {
            ordered &= length > 0 && (before == DATA || dataBytes == 0);
            dataAt = dataBytes == 0 ? at : dataAt;
            dataBytes += length + CHUNK_OVERHEAD;
        }
    }

    private void readMetadata(int type, int start, int end, PngTexts texts) throws MalformedImageException {
        if (type == EXIF) {
            metadata.readExif(bytes, start, end);
        } else if (type == TEXT) {
            texts.readPlain(start, end);
        } else if (type == COMPRESSED_TEXT) {
            texts.readCompressed(start, end);
        } else if (type == INTERNATIONAL_TEXT) {
            texts.readInternational(start, end);
        }
    }

    /** Rejects data that is too short for the pixels, before they are allocated. */
    private void checkDataBytes() throws MalformedImageException {
        if ((1 + rowBytes()) * height() > MAX_DEFLATION * dataBytes) {
            throw MalformedImageException.truncated(ImageFormat.PNG);
        }
    }

    private static void checkKnown(int type, int at) throws MalformedImageException {
        if (type != HEADER && type != PALETTE && type != DATA && type != END) {
            throw new MalformedImageException("the PNG chunk at byte " + at + " is of an unknown critical type");
        }
    }

    private void checkSum(int at, int length) throws MalformedImageException {
        var crc = new CRC32();
        crc.update(png.slice(at + 4, length + 4));
        if ((int) crc.getValue() != png.getInt(at + CONTENT + length)) {
            throw new MalformedImageException("the PNG chunk at byte " + at + " is damaged (its checksum is wrong)");
        }
    }

    /** Returns the width of the stored picture. */
    public int width() {
        return png.getInt(16);
    }

    /** Returns the height of the stored picture. */
    public int height() {
        return png.getInt(20);
    }

    /** Returns the turn that makes the stored picture upright. */
    public Orientation orientation() {
        return metadata.orientation();
    }

    int bits() {
        return bytes[24];
    }

    int colorType() {
        return bytes[25];
    }

    /** Returns the number of samples of a pixel. */
    int channels() {
        return switch (colorType()) {
            case TRUECOLOR -> 3;
            case GRAY_ALPHA -> 2;
            case TRUECOLOR_ALPHA -> 4;
            default -> 1;
        };
    }

    /** Returns the number of bytes of a row without its filter. */
    long rowBytes() {
        return ((long) width() * bits() * channels() + 7) / 8;
    }

    /** Returns true if {@link PngRows} reads this file: it is not interlaced, and has nothing unusual. */
    boolean isPlain() {
        boolean methods = bytes[26] == 0 && bytes[27] == 0 && bytes[28] == 0;
        boolean depth = switch (colorType()) {
            case GRAY -> bits() == 1 || bits() == 2 || bits() == 4 || bits() == 8 || bits() == 16;
            case INDEXED -> bits() == 1 || bits() == 2 || bits() == 4 || bits() == 8;
            case TRUECOLOR, GRAY_ALPHA, TRUECOLOR_ALPHA -> bits() == 8 || bits() == 16;
            default -> false;
        };
        return methods && depth && ordered && dataAt > 0 && (colorType() != INDEXED || hasWholePalette());
    }

    private boolean hasWholePalette() {
        int length = paletteAt == 0 ? 0 : png.getInt(paletteAt);
        return length > 0 && length % 3 == 0 && length <= 3 << bits();
    }

    /** Returns the colors of the palette, red, green and blue interleaved. */
    byte[] palette() {
        return Arrays.copyOfRange(bytes, paletteAt + CONTENT, paletteAt + CONTENT + png.getInt(paletteAt));
    }

    /** Returns the deflated data of the pixels. */
    PngData data() {
        return new PngData(this, dataAt);
    }

    /** Returns the position of the first chunk of data at or after a chunk; -1 if there is none. */
    int nextData(int from) {
        int at = from;
        for (int type = png.getInt(at + 4); type != DATA; type = png.getInt(at + 4)) {
            if (type == END) {
                return -1;
            }
            at = after(at);
        }
        return at;
    }

    /** Returns the position of the chunk after a chunk. */
    int after(int at) {
        return at + png.getInt(at) + CHUNK_OVERHEAD;
    }

    /** Returns the content of a chunk. */
    ByteBuffer content(int at) {
        return png.slice(at + CONTENT, png.getInt(at));
    }

    /** Returns a file of the critical chunks alone. */
    byte[] critical() {
        byte[] kept = new byte[criticalBytes];
        System.arraycopy(bytes, 0, kept, 0, SIGNATURE_BYTES);
        for (int at = SIGNATURE_BYTES, to = SIGNATURE_BYTES; to < criticalBytes; at = after(at)) {
            if ((png.getInt(at + 4) & ANCILLARY_BIT) == 0) {
                int length = after(at) - at;
                System.arraycopy(bytes, at, kept, to, length);
                to += length;
            }
        }
        return kept;
    }

    private static int chunkType(String name) {
        int type = 0;
        for (int i = 0; i < name.length(); i++) {
            type = type << 8 | name.charAt(i);
        }
        return type;
    }
}
