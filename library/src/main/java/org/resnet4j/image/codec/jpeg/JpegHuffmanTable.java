package org.resnet4j.image.codec.jpeg;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A Huffman table of a JPEG file (ITU-T T.81, annex C), prepared for lookup. */
final class JpegHuffmanTable {
    /** Codes up to this length are found in one step. */
    private static final int SHORT_BITS = 10;

    private static final int MAX_BITS = 16;

    /** Marks bits that are not the prefix of a code. Negative, and of length 0. */
    private static final int NONE = Integer.MIN_VALUE;

    /** For the next ten bits: symbol * 256 + the code's length; {@link #NONE} if it is longer. */
    private final int[] shortCodes = new int[1 << SHORT_BITS];

    /** For each length, the first longer code, padded with zeros to 16 bits. */
    private final int[] limits = new int[MAX_BITS + 1];

    /** For each length, the index of a code's symbol minus the code. */
    private final int[] offsets = new int[MAX_BITS + 1];

    private final byte[] symbols;

    private JpegHuffmanTable(byte[] symbols) {
        this.symbols = symbols;
    }

    /**
     * Parses the table whose 16 counts of codes and then its symbols start at {@code at}; returns null if it does not
     * end there.
     */
    static @Nullable JpegHuffmanTable parse(byte[] bytes, int at, int end) {
        if (at + MAX_BITS > end) {
            return null;
        }
        int total = countSymbols(bytes, at);
        if (total > 256 || at + MAX_BITS + total > end) {
            return null;
        }
        var table = new JpegHuffmanTable(Arrays.copyOfRange(bytes, at + MAX_BITS, at + MAX_BITS + total));
        Arrays.fill(table.shortCodes, NONE);
        int code = 0;
        int symbol = 0;
        for (int length = 1; length <= MAX_BITS; length++) {
            int codes = bytes[at + length - 1] & 0xff;
            if (code + codes > 1 << length) {
                return null;
            }
            table.offsets[length] = symbol - code;
            if (length <= SHORT_BITS) {
                table.enter(code, codes, length, symbol);
            }
            code += codes;
            symbol += codes;
            table.limits[length] = code << MAX_BITS - length;
            code <<= 1;
        }
        return table;
    }

    static int countSymbols(byte[] bytes, int at) {
        int total = 0;
        for (int length = 0; length < MAX_BITS; length++) {
            total += bytes[at + length] & 0xff;
        }
        return total;
    }

    private void enter(int firstCode, int codes, int length, int firstSymbol) {
        int repeats = 1 << SHORT_BITS - length;
        for (int i = 0; i < codes; i++) {
            int from = (firstCode + i) * repeats;
            Arrays.fill(shortCodes, from, from + repeats, (symbols[firstSymbol + i] & 0xff) << 8 | length);
        }
    }

    /** Returns the code that matches the highest bits, as symbol * 256 + length; negative if there is none. */
    int find(long bits) {
        int found = shortCodes[(int) (bits >>> 64 - SHORT_BITS)];
        return found >= 0 ? found : findLong((int) (bits >>> 64 - MAX_BITS));
    }

    private int findLong(int next) {
        for (int length = SHORT_BITS + 1; length <= MAX_BITS; length++) {
            if (next < limits[length]) {
                int place = (next >> MAX_BITS - length) + offsets[length];
                return (symbols[place] & 0xff) << 8 | length;
            }
        }
        return NONE;
    }

    int symbolCount() {
        return symbols.length;
    }
}
