package org.resnet4j.image.codec.webp;

import java.util.Arrays;
import org.resnet4j.image.codec.MalformedImageException;

/**
 * The five prefix codes of a group (RFC 9649, section 3.7.2).
 *
 * @param green the code of green samples, lengths of copies, and indices of the color cache
 */
record Vp8lPrefixCodes(
        Vp8lPrefixCode green, Vp8lPrefixCode red, Vp8lPrefixCode blue, Vp8lPrefixCode alpha, Vp8lPrefixCode distance) {
    static final int LITERALS = 256;
    static final int LENGTHS = 24;
    private static final int DISTANCES = 40;

    private static final int[] CODE_LENGTH_ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final int REPEAT_PREVIOUS = 16;
    private static final int[] REPEAT_BITS = {2, 3, 7};
    private static final int[] REPEAT_LEAST = {3, 3, 11};
    private static final int FIRST_PREVIOUS = 8;

    static Vp8lPrefixCodes read(Vp8lBits bits, int cacheSize) throws MalformedImageException {
        return new Vp8lPrefixCodes(
                readCode(bits, LITERALS + LENGTHS + cacheSize),
                readCode(bits, LITERALS),
                readCode(bits, LITERALS),
                readCode(bits, LITERALS),
                readCode(bits, DISTANCES));
    }

    int symbolCount() {
        return green.symbolCount()
                + red.symbolCount()
                + blue.symbolCount()
                + alpha.symbolCount()
                + distance.symbolCount();
    }

    private static Vp8lPrefixCode readCode(Vp8lBits bits, int alphabet) throws MalformedImageException {
        boolean simple = bits.flag();
        byte[] lengths = new byte[Math.max(LITERALS, alphabet)];
        if (simple) {
            readSimple(bits, lengths);
        } else {
            readLengths(bits, lengths, alphabet);
        }
        return Vp8lPrefixCode.of(lengths, alphabet);
    }

    /** Reads a code of one or two symbols. */
    private static void readSimple(Vp8lBits bits, byte[] lengths) throws MalformedImageException {
        boolean two = bits.flag();
        lengths[bits.read(bits.flag() ? 8 : 1)] = 1;
        if (two) {
            lengths[bits.read(8)] = 1;
        }
    }

    private static void readLengths(Vp8lBits bits, byte[] lengths, int alphabet) throws MalformedImageException {
        byte[] ofLengths = new byte[CODE_LENGTH_ORDER.length];
        int given = 4 + bits.read(4);
        for (int i = 0; i < Math.min(given, ofLengths.length); i++) {
            ofLengths[CODE_LENGTH_ORDER[i]] = (byte) bits.read(3);
        }
        Vp8lPrefixCode code = Vp8lPrefixCode.of(ofLengths, ofLengths.length);
        int left = alphabet;
        if (bits.flag()) {
            left = 2 + bits.read(2 + 2 * bits.read(3));
        }
        if (given > ofLengths.length || left > alphabet) {
            throw damaged();
        }
        byte previous = FIRST_PREVIOUS;
        for (int symbol = 0; symbol < alphabet && left > 0; left--) {
            int length = bits.symbol(code);
            if (length < REPEAT_PREVIOUS) {
                lengths[symbol++] = (byte) length;
                previous = length > 0 ? (byte) length : previous;
                continue;
            }
            int kind = length - REPEAT_PREVIOUS;
            int end = symbol + REPEAT_LEAST[kind] + bits.read(REPEAT_BITS[kind]);
            if (end > alphabet) {
                throw damaged();
            }
            Arrays.fill(lengths, symbol, end, kind == 0 ? previous : 0);
            symbol = end;
        }
    }

    private static MalformedImageException damaged() {
        return new MalformedImageException("the WebP data is damaged (a prefix code has too many symbols)");
    }
}
