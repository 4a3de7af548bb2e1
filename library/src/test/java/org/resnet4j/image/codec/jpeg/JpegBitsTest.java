package org.resnet4j.image.codec.jpeg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;
import org.junit.jupiter.api.Test;

/** Whole blocks of coefficients, beside reading them symbol by symbol (ITU-T T.81, figure F.13). */
class JpegBitsTest {
    private static final int[] POSITIONS = JpegTables.positions(1);
    private static final int DAMAGED = -1;

    static Stream<JpegHuffmanTable> tables() {
        var unary = new JPEGHuffmanTable(
                // One code for each length: long codes, which no table of whole coefficients has.
                new short[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, new short[] {
                    0x01, 0x00, 0xf0, 0x11, 0x02, 0x21, 0x03, 0x31, 0x05, 0x41, 0x0a, 0x51, 0x0f, 0x61, 0x71, 0x81
                });
        return Stream.of(JPEGHuffmanTable.StdACLuminance, JPEGHuffmanTable.StdACChrominance, unary)
                .map(JpegBitsTest::table);
    }

    private static JpegHuffmanTable table(JPEGHuffmanTable table) {
        byte[] segment = new byte[16 + table.getValues().length];
        for (int i = 0; i < table.getLengths().length; i++) {
            segment[i] = (byte) table.getLengths()[i];
        }
        for (int i = 0; i < table.getValues().length; i++) {
            segment[16 + i] = (byte) table.getValues()[i];
        }
        JpegHuffmanTable parsed = JpegHuffmanTable.parse(segment, 0, segment.length);
        assertNotNull(parsed);
        return parsed;
    }

    /** Reads a block into {@code block}; returns the sum of the magnitudes, or {@link #DAMAGED}. */
    private static int readSymbols(JpegBits bits, JpegHuffmanTable table, int[] block) {
        int sum = 0;
        for (int k = 1; k < 64; k++) {
            int symbol = bits.symbol(table);
            if (symbol < 0) {
                return DAMAGED;
            }
            int size = symbol & 15;
            int run = symbol >> 4;
            if (size == 0 && run < 15) {
                return sum;
            }
            k += run;
            int value = bits.signed(size);
            if (size > 0) {
                if (k > 63) {
                    return DAMAGED;
                }
                block[POSITIONS[k]] = 3 * value;
                sum += Math.abs(3 * value);
            }
        }
        return sum;
    }

    @Test
    void blocksAreReadAndSkippedAsSymbolBySymbol() {
        int damaged = tables().mapToInt(JpegBitsTest::compare).sum();
        assertTrue(damaged > 10, damaged + " damaged blocks");
    }

    /** Compares random blocks, and returns the number of damaged ones. */
    private static int compare(JpegHuffmanTable table) {
        int[] steps = new int[64];
        Arrays.fill(steps, 3);
        var random = new Random(8);
        int sound = 0;
        int damaged = 0;
        for (int trial = 0; trial < 400; trial++) {
            byte[] data = new byte[200];
            random.nextBytes(data);
            for (int i = 0; i < data.length; i++) {
                data[i] = data[i] == (byte) 0xff ? 0 : data[i];
            }
            var symbols = new JpegBits(data, 0, data.length);
            var blocks = new JpegBits(data, 0, data.length);
            var skipped = new JpegBits(data, 0, data.length);
            while (!symbols.isOverrun()) {
                int[] expected = new int[64];
                int[] actual = new int[64];
                int sum = readSymbols(symbols, table, expected);
                assertEquals(sum, blocks.readCoefficients(table, steps, actual, POSITIONS, 0));
                assertEquals(sum != DAMAGED, skipped.skipCoefficients(table));
                if (sum == DAMAGED) {
                    damaged++;
                    break;
                }
                sound++;
                assertArrayEquals(expected, actual);
                int next = symbols.symbol(table);
                next = next < 0 || next > 15 ? JpegBits.DAMAGED : symbols.signed(next);
                assertEquals(next, blocks.difference(table));
                assertEquals(next, skipped.difference(table));
                if (next == JpegBits.DAMAGED) {
                    break;
                }
                next = symbols.read(3);
                assertEquals(next, blocks.read(3));
                assertEquals(next, skipped.read(3));
            }
        }
        assertTrue(sound > 100, sound + " sound blocks");
        return damaged;
    }
}
