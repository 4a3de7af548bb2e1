package org.resnet4j.image.codec.webp;

import org.resnet4j.image.codec.MalformedImageException;

/**
 * A canonical prefix code of a lossless WebP stream (RFC 9649, section 3.7.2), prepared for lookup. A code of one
 * symbol takes no bits. Its memory is linear in the number of its symbols.
 */
final class Vp8lPrefixCode {
    static final int MAX_BITS = 15;

    /** Codes up to this length are found in one step. */
    private static final int MAX_SHORT_BITS = 9;

    /** For the next bits: symbol * 16 + the code's length; 0 if the code is longer. */
    private final char[] shortCodes;

    /** For each length, the first longer code, padded with zeros to 15 bits. */
    private final int[] limits = new int[MAX_BITS + 1];

    /** For each length, the index of a code's symbol minus the code. */
    private final int[] offsets = new int[MAX_BITS + 1];

    private final char[] symbols;

    /** Creates the code of a single symbol. */
    private Vp8lPrefixCode(int symbol) {
        symbols = new char[] {(char) symbol};
        shortCodes = new char[] {(char) (symbol << 4)};
    }

    private Vp8lPrefixCode(byte[] lengths, int alphabet, int[] counts, int used) throws MalformedImageException {
        symbols = new char[used];
        int[] next = new int[MAX_BITS + 1];
        int code = 0;
        int longest = 0;
        for (int length = 1, place = 0; length <= MAX_BITS; length++) {
            offsets[length] = place - code;
            next[length] = place;
            code += counts[length];
            place += counts[length];
            longest = counts[length] > 0 ? length : longest;
            limits[length] = code << MAX_BITS - length;
            if (code > 1 << length) {
                throw damaged();
            }
            code <<= 1;
        }
        if (limits[MAX_BITS] != 1 << MAX_BITS) {
            throw damaged();
        }
        for (int symbol = 0; symbol < alphabet; symbol++) {
            if (lengths[symbol] > 0) {
                symbols[next[lengths[symbol]]++] = (char) symbol;
            }
        }
        int shortBits = Math.min(Math.min(longest, MAX_SHORT_BITS), 34 - Integer.numberOfLeadingZeros(used));
        shortCodes = new char[1 << shortBits];
        for (int bits = 0; bits < shortCodes.length; bits++) {
            int found = search(Integer.reverse(bits) >>> 32 - MAX_BITS);
            shortCodes[bits] = (found & 15) <= shortBits ? (char) found : 0;
        }
    }

    /**
     * Creates the code of the first {@code alphabet} symbols from the lengths of their codes, 0 to 15; 0 means no code.
     *
     * @throws MalformedImageException if the code is incomplete
     */
    static Vp8lPrefixCode of(byte[] lengths, int alphabet) throws MalformedImageException {
        int[] counts = new int[MAX_BITS + 1];
        int used = 0;
        int last = 0;
        for (int symbol = 0; symbol < alphabet; symbol++) {
            if (lengths[symbol] > 0) {
                counts[lengths[symbol]]++;
                used++;
                last = symbol;
            }
        }
        if (used == 0) {
            throw damaged();
        }
        return used == 1 ? new Vp8lPrefixCode(last) : new Vp8lPrefixCode(lengths, alphabet, counts, used);
    }

    private static MalformedImageException damaged() {
        return new MalformedImageException("the WebP data is damaged (a prefix code is incomplete)");
    }

    int symbolCount() {
        return symbols.length;
    }

    /** Returns the code that matches the lowest bits, as symbol * 16 + length. */
    int find(int bits) {
        int found = shortCodes[bits & shortCodes.length - 1];
        return found != 0 || symbols.length == 1 ? found : search(Integer.reverse(bits) >>> 32 - MAX_BITS);
    }

    /** Finds the code that matches 15 bits, the first bit of the stream highest. */
    private int search(int next) {
        int length = 1;
        while (next >= limits[length]) {
            length++;
        }
        return symbols[(next >> MAX_BITS - length) + offsets[length]] << 4 | length;
    }
}
