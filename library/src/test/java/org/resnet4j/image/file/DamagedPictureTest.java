package org.resnet4j.image.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;

/** Pictures with visible damage, and small files that claim large resources. */
class DamagedPictureTest {
    private static String refusal(byte[] file) {
        return assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(file, "x"))
                .reason();
    }

    private static int indexOf(byte[] bytes, int marker, int from) {
        int at = from;
        while (bytes[at] != (byte) 0xff || bytes[at + 1] != (byte) marker) {
            at++;
        }
        return at;
    }

    @ParameterizedTest
    @ValueSource(strings = {"baseline-420.jpg", "progressive.jpg", "cmyk-adobe.jpg", "gray.jpg"})
    void aJpegOfWhichDataIsMissingBeforeItsEndMarkerIsRefused(String name) throws IOException {
        byte[] file = Fixtures.file(name);
        int scan = indexOf(file, 0xda, 0);
        byte[] cut = Arrays.copyOf(file, scan + (file.length - scan) / 2);
        if (cut[cut.length - 1] == (byte) 0xff) {
            cut[cut.length - 1] = 0;
        }
        cut = Arrays.copyOf(cut, cut.length + 2);
        cut[cut.length - 2] = (byte) 0xff;
        cut[cut.length - 1] = (byte) 0xd9;
        String reason = refusal(cut);
        assertTrue(reason.contains("truncated") || reason.contains("damaged"), reason);
    }

    /** Asserts the reason for which a JPEG file is refused, also where it is resized while it is decoded. */
    private static void assertRefused(String reason, byte[] file) {
        var transform = new EvaluationTransform(8, 8, Interpolation.BILINEAR, Normalization.IMAGENET, false);
        String refusal = refusal(file);
        assertTrue(refusal.contains(reason), refusal);
        for (boolean scaled : List.of(false, true)) {
            assertEquals(
                    refusal,
                    assertThrows(
                                    UnreadableImageException.class,
                                    () -> ImageDecoder.prepare(file, "x", transform, scaled))
                            .reason());
        }
    }

    private static byte[] inserted(byte[] file, int at, int... values) {
        byte[] longer = Arrays.copyOf(file, file.length + values.length);
        System.arraycopy(file, at, longer, at + values.length, file.length - at);
        for (int i = 0; i < values.length; i++) {
            longer[at + i] = (byte) values[i];
        }
        return longer;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 20})
    void aJpegWithStrayBytesBeforeARestartMarkerIsRefused(int count) throws IOException {
        byte[] file = Fixtures.bytes("parts/420-restarts.jpg");
        int marker = indexOf(file, 0xd1, indexOf(file, 0xda, 0));
        assertRefused("extraneous bytes before marker 0xd1", inserted(file, marker, new int[count]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"420", "420-progressive", "gray"})
    void aJpegWithACodeOfOnesAloneIsRefused(String name) throws IOException {
        byte[] file = Fixtures.bytes("parts/" + name + ".jpg");
        int counts = indexOf(file, 0xc4, 0) + 5;
        int longest = counts + 15;
        while (file[longest] == 0) {
            longest--;
        }
        int symbols = 0;
        for (int i = counts; i < counts + 16; i++) {
            symbols += file[i];
        }
        file[longest]++;
        file[counts - 2]++;
        assertRefused("Bogus Huffman table definition", inserted(file, counts + 16 + symbols, 0));
    }

    @Test
    void aJpegWithADcCoefficientOfMoreBitsThanThereAreIsRefused() throws IOException {
        byte[] file = Fixtures.bytes("parts/420.jpg");
        int counts = indexOf(file, 0xc4, 0) + 5;
        int last = counts + 15;
        for (int i = counts; i < counts + 16; i++) {
            last += file[i];
        }
        file[last] = 16;
        assertRefused("Bogus Huffman table definition", file);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0x50, 0x15})
    void aGrayJpegWithImpossibleSamplingIsRefused(int factors) throws IOException {
        byte[] file = Fixtures.bytes("parts/gray.jpg");
        file[indexOf(file, 0xc0, 0) + 11] = (byte) factors;
        assertRefused("Bogus sampling factors", file);
    }

    @Test
    void aJpegWithTheWrongRestartMarkerIsRefused() throws IOException {
        byte[] file = Fixtures.file("restart-markers.jpg");
        file[indexOf(file, 0xd1, indexOf(file, 0xda, 0)) + 1] = (byte) 0xd5;
        assertTrue(refusal(file).contains("damaged"));
    }

    @Test
    void aJpegWithAMarkerThatDoesNotExistIsRefusedWithItsPlace() throws IOException {
        byte[] file = Fixtures.file("gray.jpg");
        file[3] = 0x2f;
        String reason = refusal(file);
        assertTrue(reason.contains("marker 47") && reason.contains("byte 2"), reason);
    }

    @Test
    void aJpegOf5000ScansIsRefusedByBothDecoders() throws IOException {
        byte[] file = Fixtures.file("progressive.jpg");
        int first = indexOf(file, 0xda, 0);
        int second = indexOf(file, 0xc4, first);
        int third = indexOf(file, 0xda, second);
        int fourth = third + 2;
        while (file[fourth] != (byte) 0xff || file[fourth + 1] == 0) {
            fourth++;
        }
        var many = new ByteArrayOutputStream();
        many.write(file, 0, fourth);
        for (int i = 0; i < 5000; i++) {
            many.write(file, third, fourth - third);
        }
        many.write(file, fourth, file.length - fourth);
        byte[] bomb = many.toByteArray();
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            String reason = refusal(bomb);
            assertTrue(reason.contains("scans") && reason.contains("limit is 500 scans"), reason);
            var opening = assertThrows(UnreadableImageException.class, () -> ImageDecoder.open(bomb, "x"));
            assertTrue(opening.reason().contains("scans"), opening.reason());
        });
    }

    @Test
    void aProgressiveJpegWithoutItsLastScansIsRefused() throws IOException {
        byte[] file = Fixtures.file("progressive.jpg");
        int last = file.length - 1;
        while (file[last] != (byte) 0xff || file[last + 1] != (byte) 0xda) {
            last--;
        }
        byte[] cut = Arrays.copyOf(file, last + 2);
        cut[last + 1] = (byte) 0xd9;
        assertTrue(refusal(cut).contains("scans are missing"));
    }

    @Test
    void scansOfPicturesBehindTheEndDoNotCount() throws IOException {
        byte[] file = Fixtures.file("progressive.jpg");
        byte[] several = new byte[file.length * 100];
        for (int i = 0; i < 100; i++) {
            System.arraycopy(file, 0, several, i * file.length, file.length);
        }
        assertArrayEquals(
                ImageDecoder.decode(file, "one").samples(),
                ImageDecoder.decode(several, "many").samples());
    }

    @Test
    void anAncillaryPngChunkWithAWrongChecksumBeforeThePixelsIsRefused() throws IOException {
        byte[] file = Fixtures.file("gamma.png");
        int gamma = new String(file, StandardCharsets.ISO_8859_1).indexOf("gAMA");
        file[gamma + 5] ^= 1;
        assertTrue(refusal(file).contains("checksum"));
    }

    @Test
    void aPngTextThatGrowsBeyondItsLimitIsRefused() throws IOException {
        var content = new ByteArrayOutputStream();
        content.write("XML:com.adobe.xmp\0\1\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
        try (var deflater = new DeflaterOutputStream(content)) {
            deflater.write(new byte[50_000_000]);
        }
        byte[] bomb = withChunk(Fixtures.file("rgb.png"), "iTXt", content.toByteArray());
        assertTrue(refusal(bomb).contains("limit of 1048576"));
    }

    @Test
    void aDamagedPngTextDoesNoHarmToThePixels() throws IOException {
        byte[] file = Fixtures.file("rgb.png");
        byte[] content = "XML:com.adobe.xmp\0\1\0\0\0no zlib data".getBytes(StandardCharsets.ISO_8859_1);
        assertArrayEquals(
                ImageDecoder.decode(file, "x").samples(),
                ImageDecoder.decode(withChunk(file, "iTXt", content), "x").samples());
    }

    private static byte[] withChunk(byte[] png, String type, byte[] content) {
        int header = 33;
        ByteBuffer file = ByteBuffer.allocate(png.length + content.length + 12);
        file.put(png, 0, header).putInt(content.length);
        int checked = file.position();
        file.put(type.getBytes(StandardCharsets.US_ASCII)).put(content);
        var crc = new CRC32();
        crc.update(file.array(), checked, 4 + content.length);
        file.putInt((int) crc.getValue()).put(png, header, png.length - header);
        return file.array();
    }

    @Test
    void dataThatCannotHoldTheClaimedPixelsIsRefusedWithoutTheirMemory() throws IOException {
        byte[] png = Fixtures.file("rgb.png");
        ByteBuffer.wrap(png).putInt(16, 9000).putInt(20, 9000);
        var crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
        byte[] jpeg = Fixtures.file("progressive.jpg");
        int frame = indexOf(jpeg, 0xc2, 0);
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 9000).putShort(frame + 7, (short) 9000);
        byte[] bmp = Fixtures.file("rgb.bmp");
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 9000).putInt(22, 9000);
        byte[] gif = Fixtures.file("still.gif");
        int frameAt = 13 + (3 << (gif[10] & 7) + 1);
        ByteBuffer.wrap(gif)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(frameAt + 5, (short) 9000)
                .putShort(frameAt + 7, (short) 9000);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (byte[] claim : new byte[][] {png, jpeg, bmp, gif}) {
            assertTrue(refusal(claim).contains("truncated"));
            long before = threads.getCurrentThreadAllocatedBytes();
            refusal(claim);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 200_000, "allocated " + allocated + " bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"windows-runs-8.bmp", "os2-runs-8.bmp", "windows-runs-4.bmp"})
    void runLengthsOfABmpThatEndEarlyAreRefused(String name) throws IOException {
        byte[] file = Fixtures.corner(name);
        int data = file.length / 2;
        assertTrue(refusal(Arrays.copyOf(file, data)).contains("truncated"));
        byte[] ended = Arrays.copyOf(file, file.length);
        int colors = 14 + file[14] + (name.endsWith("8.bmp") ? 1024 : 64);
        ended[colors] = 0;
        ended[colors + 1] = 1;
        assertTrue(refusal(ended).contains("truncated"));
    }

    @Test
    void aBmpRunOfAnOddNumberOfNibblesHasItsLastPixel() throws IOException {
        ByteBuffer bmp = ByteBuffer.allocate(14 + 40 + 64 + 8).order(ByteOrder.LITTLE_ENDIAN);
        bmp.put((byte) 'B').put((byte) 'M').position(14);
        bmp.putInt(40)
                .putInt(5)
                .putInt(1)
                .putShort((short) 1)
                .putShort((short) 4)
                .putInt(2);
        bmp.position(14 + 40);
        for (int color = 0; color < 16; color++) {
            bmp.putInt(color * 0x0a0000);
        }
        bmp.put(new byte[] {0, 5, 0x12, 0x34, 0x50, 0, 0, 1});
        Image image = ImageDecoder.decode(bmp.array(), "x");
        for (int x = 0; x < 5; x++) {
            assertEquals(10 * (x + 1), image.samples()[3 * x]);
        }
    }

    @Test
    void bmpKindsThatAreNotSupportedAreNamed() throws IOException {
        byte[] file = Fixtures.file("rgb.bmp");
        file[30] = 4;
        assertTrue(refusal(file).contains("24 bits per pixel, compressed by method 4"));
        file[14] = 16;
        assertTrue(refusal(file).contains("header of 16 bytes"));
    }

    @ParameterizedTest
    @CsvSource({"heic,a HEIC picture", "avif,an AVIF picture", "avis,an AVIF picture", "isom,a video"})
    void heicAndAvifAreToldApart(String brand, String kind) {
        byte[] file = ("\0\0\0\u0018ftyp" + brand + "\0\0\0\0").getBytes(StandardCharsets.ISO_8859_1);
        String reason = refusal(file);
        assertTrue(reason.startsWith(kind) && reason.contains("'" + brand + "'"), reason);
    }

    @Test
    void theBrandOfAMediaFileReachesNoTerminalRaw() {
        String reason = refusal("\0\0\0\u0018ftyp\u001b[2J\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(reason.chars().noneMatch(c -> c < 0x20), reason);
    }
}
