package org.resnet4j.image.codec.gif;

import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;

/**
 * A decompressor of the pixels of a GIF frame: LZW codes of 2 to 12 bits, the lowest bit first, in blocks of up to 255
 * bytes (GIF89a specification, section 22 and appendix F). The time is linear in the numbers of bytes and pixels.
 */
final class GifPixels {
    private static final int MAX_LITERAL_BITS = 11;
    private static final int MAX_CODE_BITS = 12;
    private static final int CODES = 1 << MAX_CODE_BITS;
    private static final int NONE = -1;

    private final byte[] bytes;
    private int at;

    /** The number of unread bytes of the block. */
    private int blockLeft;

    private int bits;
    private int bitCount;

    /** The string of each code is that of another code followed by one pixel. */
    private final char[] prefixes = new char[CODES];

    private final byte[] lastPixels = new byte[CODES];
    private final char[] lengths = new char[CODES];

    private final int clear;
    private int next;
    private int codeBits;

    private final byte[] pixels;
    private int count;

    private GifPixels(byte[] bytes, int at, int literalBits, byte[] pixels) {
        this.bytes = bytes;
        this.at = at;
        this.pixels = pixels;
        clear = 1 << literalBits;
        for (int literal = 0; literal < clear; literal++) {
            lastPixels[literal] = (byte) literal;
            lengths[literal] = 1;
        }
        forget();
    }

    /**
     * Reads {@code count} pixels from the compressed data at {@code at}.
     *
     * @throws MalformedImageException if there are fewer, or if a code is undefined
     */
    static byte[] read(byte[] bytes, int at, int count) throws MalformedImageException {
        if (at >= bytes.length) {
            throw MalformedImageException.truncated(ImageFormat.GIF);
        }
        int literalBits = bytes[at] & 0xff;
        if (literalBits > MAX_LITERAL_BITS) {
            throw new MalformedImageException(
                    "GIF pixels of " + literalBits + " bits are not supported, only up to " + MAX_LITERAL_BITS);
        }
        // A code represents at most as many pixels as there are codes. Checked before the pixels are allocated.
        if (count > 8L * (bytes.length - at) / (literalBits + 1) * CODES) {
            throw MalformedImageException.truncated(ImageFormat.GIF);
        }
        byte[] pixels = new byte[count];
        new GifPixels(bytes, at + 1, literalBits, pixels).read();
        return pixels;
    }

    private void read() throws MalformedImageException {
        int before = NONE;
        while (count < pixels.length) {
            int code = nextCode();
            if (code == clear) {
                forget();
                before = NONE;
            } else if (code == clear + 1) {
                throw MalformedImageException.truncated(ImageFormat.GIF);
            } else {
                if (code > next || before == NONE && code > clear || code == next && before == NONE) {
                    throw new MalformedImageException("the GIF data is damaged (an undefined code)");
                }
                append(code, before);
                before = code;
            }
        }
    }

    private void forget() {
        next = clear + 2;
        codeBits = Integer.SIZE - Integer.numberOfLeadingZeros(clear);
    }

    /** Writes the string of a code, and adds the string of the previous code followed by one pixel as a new code. */
    private void append(int code, int before) {
        boolean unfinished = code == next;
        int known = unfinished ? before : code;
        int start = count;
        int length = lengths[known];
        for (int i = start + length - 1, from = known; i >= start; i--, from = prefixes[from]) {
            if (i < pixels.length) {
                pixels[i] = lastPixels[from];
            }
        }
        count = Math.min(start + length, pixels.length);
        if (before == NONE) {
            return;
        }
        if (unfinished && count < pixels.length) {
            pixels[count++] = pixels[start];
        }
        if (next < CODES) {
            prefixes[next] = (char) before;
            lastPixels[next] = pixels[start];
            lengths[next] = (char) (lengths[before] + 1);
            if (next == (1 << codeBits) - 1 && codeBits < MAX_CODE_BITS) {
                codeBits++;
            }
            next++;
        }
    }

    private int nextCode() throws MalformedImageException {
        while (bitCount < codeBits) {
            bits |= nextByte() << bitCount;
            bitCount += 8;
        }
        int code = bits & (1 << codeBits) - 1;
        bits >>>= codeBits;
        bitCount -= codeBits;
        return code;
    }

    private int nextByte() throws MalformedImageException {
        if (blockLeft == 0) {
            blockLeft = byteAt(at++);
            if (blockLeft == 0 || blockLeft > bytes.length - at) {
                throw MalformedImageException.truncated(ImageFormat.GIF);
            }
        }
        blockLeft--;
        return byteAt(at++);
    }

    private int byteAt(int index) throws MalformedImageException {
        if (index >= bytes.length) {
            throw MalformedImageException.truncated(ImageFormat.GIF);
        }
        return bytes[index] & 0xff;
    }
}
