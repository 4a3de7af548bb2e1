package org.resnet4j.image.codec.jpeg;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A Huffman table of a JPEG file (ITU-T T.81, annex C), prepared for lookup. */
final class JpegHuffmanTable {
    /** Codes up to this length are found in one step. */
    private static final int SHORT_BITS = 10;

    private static final int MAX_BITS = 16;

    private static final int MAX_BITS_OF_DC = 15;

    /** The number of bits in which whole coefficients are looked up. */
    static final int WINDOW = 11;

    /** Marks coefficients that end a block. */
    static final int END = 1 << 16;

    /** The number of coefficients in a block. */
    private static final int BLOCK = 64;

    /** Marks bits that are not the prefix of a code. Negative, and of length 0. */
    private static final int NONE = Integer.MIN_VALUE;

    /** For the next ten bits: symbol * 256 + the code's length; {@link #NONE} if it is longer. */
    private final int[] shortCodes = new int[1 << SHORT_BITS];

    /** For each length, the first longer code, padded with zeros to 16 bits. */
    private final int[] limits = new int[MAX_BITS + 1];

    /** For each length, the index of a code's symbol minus the code. */
    private final int[] offsets = new int[MAX_BITS + 1];

    private final byte[] symbols;

    // Computed when they are needed first.
    private int @Nullable [] coefficients;
    private int @Nullable [] skips;

    private JpegHuffmanTable(byte[] symbols) {
        this.symbols = symbols;
    }

    /**
     * Parses the table whose 16 counts of codes and then its symbols start at {@code at}; returns null if its codes are
     * not valid or do not end there.
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
            // A code of ones alone is reserved (T.81, C.2).
            if (code + codes >= 1 << length) {
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

    /** Returns true if every symbol is a number of bits that a DC coefficient can have (T.81, F.1.2.1). */
    boolean isForDc() {
        for (byte symbol : symbols) {
            if (symbol < 0 || symbol > MAX_BITS_OF_DC) {
                return false;
            }
        }
        return true;
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

    /**
     * Returns, for the next {@link #WINDOW} bits, a whole coefficient of a sequential block: its value, times 65536, plus
     * 256 times the number of places that it advances, plus its length in bits. A value of zero is a run of zeros; at the
     * end of a block, it advances by 64. The entry is zero if the coefficient is longer.
     */
    int[] coefficients() {
        int[] known = coefficients;
        if (known == null) {
            known = new int[1 << WINDOW];
            for (int window = 0; window < known.length; window++) {
                known[window] = coefficient(window, WINDOW);
            }
            coefficients = known;
        }
        return known;
    }

    /** Returns the entry of {@link #coefficients} for the lower {@code length} bits of a window. */
    private int coefficient(int window, int length) {
        long bits = (long) window << 64 - length;
        int code = shortCodes[(int) (bits >>> 64 - SHORT_BITS)];
        int size = code >>> 8 & 15;
        int run = code >>> 12;
        int used = (code & 31) + size;
        if (code < 0 || used > length) {
            return 0;
        }
        if (size == 0) {
            return (run < 15 ? BLOCK : 16) << 8 | used;
        }
        int value = JpegBits.extend((int) (bits << (code & 31) >>> 64 - size), size);
        return value << 16 | run + 1 << 8 | used;
    }

    /**
     * Returns, for the next {@link #WINDOW} bits, all whole coefficients in them: 256 times the number of places that
     * they advance, plus their length in bits, plus {@link #END} if they end the block. The entry is zero if there are
     * none.
     */
    int[] skips() {
        int[] known = skips;
        if (known == null) {
            known = new int[1 << WINDOW];
            for (int window = 0; window < known.length; window++) {
                known[window] = skip(window);
            }
            skips = known;
        }
        return known;
    }

    private int skip(int window) {
        int used = 0;
        int places = 0;
        while (used < WINDOW && places < BLOCK) {
            int next = coefficient(window & (1 << WINDOW - used) - 1, WINDOW - used);
            if (next == 0) {
                break;
            }
            used += next & 0xff;
            if ((next >>> 8 & 0xff) == BLOCK) {
                return END | places << 8 | used;
            }
            places += next >>> 8 & 0xff;
        }
        return places << 8 | used;
    }

    int symbolCount() {
        return symbols.length;
    }
}
