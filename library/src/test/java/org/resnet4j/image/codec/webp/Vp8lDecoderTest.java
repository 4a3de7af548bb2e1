package org.resnet4j.image.codec.webp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.resnet4j.image.Image;
import org.resnet4j.image.codec.InterleavedRows;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.file.Fixtures;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.image.sample.Region;

class Vp8lDecoderTest {
    private static final int CHUNK = 20;

    /** Truncates the data of a simple WebP file and adjusts its headers. */
    private static byte[] cut(byte[] file, int length) {
        byte[] cut = Arrays.copyOf(file, length);
        ByteBuffer.wrap(cut)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(4, length - 8)
                .putInt(16, length - CHUNK);
        return cut;
    }

    @Test
    void aLosslessPictureCutAnywhereIsRefusedAsTruncated() throws IOException {
        for (String name : new String[] {"icon-200-exact.webp", "icon-4-exact.webp", "photo-70x37.webp"}) {
            byte[] file = Fixtures.corner(name);
            // An odd chunk is followed by a padding byte; the last byte may contain padding bits.
            for (int length = CHUNK + 1; length < file.length - 2; length++) {
                byte[] cut = cut(file, length);
                String reason = assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(cut, name))
                        .reason();
                assertTrue(reason.contains("truncated"), name + " cut to " + length + " bytes: " + reason);
            }
        }
    }

    @Test
    void aFourKilobyteFileOf9400x9400IsRefusedAtOnceAndWithoutItsMemory() throws IOException {
        byte[] claim = cut(Fixtures.corner("method-0.webp"), 4000);
        long header = 0x2fL | 9399L << 8 | 9399L << 22;
        ByteBuffer.wrap(claim).order(ByteOrder.LITTLE_ENDIAN).putInt(CHUNK, (int) header);
        claim[CHUNK + 4] = (byte) (header >> 32);
        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(claim, "claim.webp")));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(claim, "claim.webp"));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 20_000_000, "allocated " + allocated + " bytes");
    }

    @Test
    void aCodeOfOneSymbolTakesNoBits() throws IOException {
        // Simple codes of one symbol each: green 7, red 9, blue 200, alpha 255, distance 0.
        byte[] stream = new BitWriter()
                .write(0x2f, 8)
                .write(99, 14)
                .write(49, 14)
                .write(0, 1 + 3) // no alpha, version 0
                .write(0, 3) // no transform, no cache, one group
                .simple(7)
                .simple(9)
                .simple(200)
                .simple(255)
                .simple(0)
                .bytes();
        var decoder = Vp8lDecoder.open(stream, 0, stream.length);
        var rows = new InterleavedRows(decoder.width(), decoder.height());
        decoder.pass(new Region(0, 0, decoder.width(), decoder.height()), rows);
        Image image = rows.image();
        assertEquals(100, image.width());
        assertEquals(50, image.height());
        for (int i = 0; i < image.samples().length; i += 3) {
            assertEquals(9, image.samples()[i]);
            assertEquals(7, image.samples()[i + 1]);
            assertEquals((byte) 200, image.samples()[i + 2]);
        }
    }

    @Test
    void aPrefixCodeThatIsNotCompleteIsRefused() {
        byte[] lengths = {2, 2, 2};
        assertThrows(MalformedImageException.class, () -> Vp8lPrefixCode.of(lengths, 3));
        assertThrows(MalformedImageException.class, () -> Vp8lPrefixCode.of(new byte[] {1, 1, 1}, 3));
        assertThrows(MalformedImageException.class, () -> Vp8lPrefixCode.of(new byte[40], 40));
    }

    @Test
    void longCodesAreFound() throws MalformedImageException {
        byte[] lengths = new byte[16];
        for (int i = 0; i < 16; i++) {
            lengths[i] = (byte) Math.min(15, i + 1);
        }
        Vp8lPrefixCode code = Vp8lPrefixCode.of(lengths, 16);
        for (int symbol = 0; symbol < 16; symbol++) {
            int ones = (1 << Math.min(symbol, 15)) - 1;
            assertEquals(symbol << 4 | lengths[symbol], code.find(ones), "symbol " + symbol);
        }
    }

    @Test
    void theFirstCodesOfDistancesAreThoseOfTheSpecification() {
        int[] expected = {100, 1, 101, 99, 200, 2, 201, 199, 102, 98, 202, 198, 300, 3};
        for (int code = 1; code <= expected.length; code++) {
            assertEquals(expected[code - 1], Vp8lDistances.ofCode(code, 100));
        }
        assertEquals(708, Vp8lDistances.ofCode(120, 100));
        assertEquals(1, Vp8lDistances.ofCode(121, 100));
        assertEquals(1, Vp8lDistances.ofCode(4, 1));
    }

    @Test
    void aDamagedAlphaPlaneIsRefusedAlthoughItIsDropped() throws IOException {
        byte[] file = Fixtures.file("lossy-alpha.webp");
        int alpha = new String(file, StandardCharsets.ISO_8859_1).indexOf("ALPH") + 8;
        ImageDecoder.decode(file, "whole");
        var random = new Random(3);
        for (int i = 2; i < 12; i++) {
            file[alpha + i] = (byte) random.nextInt();
        }
        assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(file, "damaged"));
    }

    /** Writes bits, the lowest of each byte first. */
    private static final class BitWriter {
        private final byte[] bytes = new byte[64];
        private int count;

        BitWriter write(int value, int size) {
            for (int i = 0; i < size; i++, count++) {
                bytes[count / 8] |= (byte) ((value >> i & 1) << count % 8);
            }
            return this;
        }

        /** Writes a code of one symbol of eight bits. */
        BitWriter simple(int symbol) {
            return write(1, 1).write(0, 1).write(1, 1).write(symbol, 8);
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, (count + 7) / 8);
        }
    }
}
