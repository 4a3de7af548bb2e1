package org.resnet4j.image.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.image.Image;

/** Pictures whose data ends early: they are rejected, never filled in. */
class TruncatedPictureTest {
    private static final int WEBP_DATA = 20;

    private static void assertTruncated(byte[] file, String what) {
        String reason = assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(file, what), what)
                .reason();
        assertTrue(reason.contains("truncated"), what + ": " + reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossy.webp", "lossy-95-6.webp", "lossy-100-4.webp"})
    void lossyWebpOfWhichDataIsMissingIsRefusedEvenIfTheHeadersAgree(String name) throws IOException {
        byte[] file = Fixtures.file(name);
        for (int percent = 10; percent <= 90; percent += 10) {
            byte[] cut = Arrays.copyOf(file, file.length * percent / 100);
            ByteBuffer.wrap(cut)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(4, cut.length - 8)
                    .putInt(16, cut.length - WEBP_DATA);
            assertTruncated(cut, name + " cut to " + percent + " %");
        }
    }

    @Test
    void aLossyWebpThatClaims65MillionPixelsInAFewBytesIsRefusedWithoutTheirMemory() throws IOException {
        byte[] claim = Fixtures.file("lossy.webp");
        ByteBuffer.wrap(claim)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(WEBP_DATA + 6, (short) 8062)
                .putShort(WEBP_DATA + 8, (short) 8062);
        assertTruncated(claim, "claim");
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertTruncated(claim, "claim");
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 100_000, "allocated " + allocated + " bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"still.gif", "interlaced.gif", "animated.gif"})
    void gifOfWhichPixelsAreMissingIsRefused(String name) throws IOException {
        byte[] file = Fixtures.file(name);
        int last = lastByteOfFirstFrame(file);
        for (int length = 20; length < last; length += 7) {
            assertTruncated(Arrays.copyOf(file, length), name + " cut to " + length);
        }
    }

    @Test
    void gifPixelsThatEndBeforeTheFrameIsFullAreRefused() {
        byte[] gif = gif(4, 4, 4, 0, 1, 2, 5);
        assertTruncated(gif, "an end code after three pixels of sixteen");
    }

    @Test
    void gifMayClearItsCodesTwiceInARow() throws IOException {
        byte[] gif = gif(2, 2, 4, 4, 0, 1, 4, 4, 2, 3, 5);
        Image image = ImageDecoder.decode(gif, "two clear codes");
        assertEquals(12, image.samples().length);
        for (int pixel = 0; pixel < 4; pixel++) {
            assertEquals(10 * pixel, image.samples()[3 * pixel], "pixel " + pixel);
        }
    }

    @Test
    void aGifCodeThatStandsForNoPixelsIsRefused() {
        byte[] gif = gif(2, 2, 4, 0, 7, 5);
        String reason = assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(gif, "x"))
                .reason();
        assertTrue(reason.contains("code"), reason);
    }

    /**
     * Returns a GIF of four colors (0, 10, 20, 30 in red) with these codes; the width of codes grows as a decoder
     * expects.
     */
    private static byte[] gif(int width, int height, int... codes) {
        ByteBuffer file = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        file.put("GIF89a".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) width)
                .putShort((short) height)
                .put((byte) 0x81)
                .putShort((short) 0);
        for (int color = 0; color < 4; color++) {
            file.put((byte) (10 * color)).putShort((short) 0);
        }
        file.put((byte) 0x2c).putInt(0).putShort((short) width).putShort((short) height);
        file.put((byte) 0).put((byte) 2);
        byte[] data = packed(codes);
        file.put((byte) data.length).put(data).put((byte) 0).put((byte) 0x3b);
        return Arrays.copyOf(file.array(), file.position());
    }

    private static byte[] packed(int... codes) {
        var out = new ByteArrayOutputStream();
        int bits = 0;
        int count = 0;
        int width = 3;
        int next = 6;
        boolean first = true;
        for (int code : codes) {
            bits |= code << count;
            count += width;
            while (count >= 8) {
                out.write(bits);
                bits >>>= 8;
                count -= 8;
            }
            if (code == 4) {
                width = 3;
                next = 6;
                first = true;
            } else if (first) {
                first = false;
            } else {
                width = next == (1 << width) - 1 ? width + 1 : width;
                next++;
            }
        }
        out.write(bits);
        return out.toByteArray();
    }

    /** Returns the position after the last byte of the first frame's pixels, before the block terminator. */
    private static int lastByteOfFirstFrame(byte[] gif) {
        int at = 13 + ((gif[10] & 0x80) != 0 ? 3 << (gif[10] & 7) + 1 : 0);
        while (gif[at] == 0x21) {
            at += 2;
            at = behindBlocks(gif, at);
        }
        int flags = gif[at + 9];
        at += 10 + ((flags & 0x80) != 0 ? 3 << (flags & 7) + 1 : 0);
        return behindBlocks(gif, at + 1) - 1;
    }

    private static int behindBlocks(byte[] gif, int from) {
        int at = from;
        while (gif[at] != 0) {
            at += 1 + (gif[at] & 0xff);
        }
        return at + 1;
    }
}
