package org.resnet4j.image.codec.tiff;

import java.io.IOException;
import java.io.InputStream;
import org.resnet4j.image.codec.MalformedImageException;

/**
 * A stream that expands the LZW codes of TIFF files (TIFF 6.0, section 13): 9 to 12 bits, the highest first, widened
 * one code early.
 */
final class LzwInputStream extends InputStream {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int FIRST_FREE = 258;
    private static final int MIN_BITS = 9;
    private static final int MAX_BITS = 12;
    private static final int NONE = -1;

    private final byte[] data;
    private final int end;
    private int at;

    /** For each string, its prefix without the last byte, and that byte. */
    private final short[] prefixes;

    private final byte[] suffixes;

    /** The current string in reverse. */
    private final byte[] string;

    private int stringLength;
    private int free = FIRST_FREE;
    private int width = MIN_BITS;
    private int before = NONE;
    private int bits;
    private int bitCount;
    private boolean ended;

    /** Expands {@code data[from..end)}. */
    LzwInputStream(byte[] data, int from, int end) throws MalformedImageException {
        this.data = data;
        this.at = from;
        this.end = end;
        if (end - from > 1 && data[from] == 0 && (data[from + 1] & 1) == 1) {
            throw TiffCompression.unsupported("old-style LZW compression");
        }
        // Each code adds one string; strips may be numerous and short.
        int size = Math.min(1 << MAX_BITS, FIRST_FREE + (end - from));
        this.prefixes = new short[size];
        this.suffixes = new byte[size];
        this.string = new byte[size];
        for (int i = 0; i < CLEAR; i++) {
            suffixes[i] = (byte) i;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int to = offset;
        int toEnd = offset + length;
        while (to < toEnd && (stringLength > 0 || readString())) {
            int count = Math.min(toEnd - to, stringLength);
            for (int i = 0; i < count; i++) {
                target[to++] = string[--stringLength];
            }
        }
        return to > offset || length == 0 ? to - offset : -1;
    }

    /** Prepares the string of the next code, which is empty if the table is cleared; returns false at the end. */
    private boolean readString() throws MalformedImageException {
        int code = ended ? END : nextCode();
        if (code == END) {
            ended = true;
            return false;
        }
        if (code == CLEAR) {
            free = FIRST_FREE;
            width = MIN_BITS;
            before = NONE;
            return true;
        }
        boolean isNew = code == free && before != NONE;
        if (code >= free && !isNew || code > END && before == NONE) {
            throw new MalformedImageException("the LZW data of the TIFF file are damaged");
        }
        if (isNew) {
            stringLength = 1; // ends with its own first byte
        }
        for (int entry = isNew ? before : code; ; entry = prefixes[entry]) {
            string[stringLength++] = suffixes[entry];
            if (entry < CLEAR) {
                break;
            }
        }
        byte first = string[stringLength - 1];
        if (isNew) {
            string[0] = first;
        }
        if (before != NONE && free < prefixes.length) {
            prefixes[free] = (short) before;
            suffixes[free++] = first;
            if (free == (1 << width) - 1 && width < MAX_BITS) {
                width++;
            }
        }
        before = code;
        return true;
    }

    private int nextCode() throws MalformedImageException {
        while (bitCount < width) {
            if (at == end) {
                return END;
            }
            bits = bits << 8 | data[at++] & 0xff;
            bitCount += 8;
        }
        bitCount -= width;
        int code = bits >>> bitCount & (1 << width) - 1;
        bits &= (1 << bitCount) - 1;
        return code;
    }
}
