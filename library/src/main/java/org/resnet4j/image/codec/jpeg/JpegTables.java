package org.resnet4j.image.codec.jpeg;

import org.jspecify.annotations.Nullable;

/** The tables that segments of a JPEG file have defined so far. */
final class JpegTables {
    private static final byte[] NATURAL = new byte[64];

    static {
        // T.81, figure A.6: along the diagonals, alternately up and down.
        int place = 0;
        for (int diagonal = 0; diagonal < 15; diagonal++) {
            for (int i = Math.max(0, diagonal - 7); i <= Math.min(7, diagonal); i++) {
                int row = diagonal % 2 == 0 ? diagonal - i : i;
                NATURAL[place++] = (byte) (row * 8 + diagonal - row);
            }
        }
    }

    private final int[] @Nullable [] steps = new int[4][];
    private final @Nullable JpegHuffmanTable[] dc = new JpegHuffmanTable[4];
    private final @Nullable JpegHuffmanTable[] ac = new JpegHuffmanTable[4];

    /**
     * Returns the positions of coefficients in zigzag order in blocks that lie coefficient by coefficient.
     *
     * @param blocks the number of blocks
     */
    static int[] positions(int blocks) {
        int[] positions = new int[64];
        for (int k = 0; k < 64; k++) {
            positions[k] = NATURAL[k] * blocks;
        }
        return positions;
    }

    /** Returns the quantization steps in zigzag order; null if not defined. */
    int @Nullable [] steps(int number) {
        return number < 4 ? steps[number] : null;
    }

    @Nullable
    JpegHuffmanTable dc(int number) {
        return number < 4 ? dc[number] : null;
    }

    @Nullable
    JpegHuffmanTable ac(int number) {
        return number < 4 ? ac[number] : null;
    }

    /** Reads a DQT segment; returns false if it is damaged. */
    boolean readSteps(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            int number = bytes[at] & 15;
            int width = (bytes[at] & 0xff) >> 4 == 0 ? 1 : 2;
            at++;
            if (number > 3 || at + 64 * width > end) {
                return false;
            }
            int[] table = new int[64];
            for (int k = 0; k < 64; k++, at += width) {
                table[k] = width == 1 ? bytes[at] & 0xff : (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
            }
            steps[number] = table;
        }
        return at == end;
    }

    /** Reads a DHT segment; returns false if it is damaged. */
    boolean readCodes(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            int kind = (bytes[at] & 0xff) >> 4;
            int number = bytes[at] & 15;
            JpegHuffmanTable table = JpegHuffmanTable.parse(bytes, at + 1, end);
            if (kind > 1 || number > 3 || table == null || kind == 0 && !table.isForDc()) {
                return false;
            }
            (kind == 0 ? dc : ac)[number] = table;
            at += 17 + table.symbolCount();
        }
        return true;
    }
}
