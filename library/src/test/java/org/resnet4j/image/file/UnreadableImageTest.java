package org.resnet4j.image.file;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.image.Image;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.PixelLimit;

class UnreadableImageTest {
    @Test
    void anEmptyFileIsRefused() {
        assertEquals("x.jpg: the file is empty", refusal(new byte[0]).getMessage());
    }

    @Test
    void aTextFileIsRefusedAndQuoted() {
        String reason = refusal("<html><body>Not found".getBytes(StandardCharsets.UTF_8))
                .reason();
        assertTrue(reason.contains("known format") && reason.contains("\"<html><body>Not\""), reason);
    }

    @Test
    void aHeicFileIsRefusedByName() {
        String reason = refusal("\0\0\0\u0018ftypheic\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1))
                .reason();
        assertTrue(reason.contains("HEIC") && reason.contains("'heic'"), reason);
    }

    @Test
    void aMissingFileAndAFolderAreRefusedByName(@TempDir Path folder) {
        Path missing = folder.resolve("missing.png");
        var notThere = assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(missing));
        assertEquals(missing + ": no such file", notThere.getMessage());
        assertEquals(missing.toString(), notThere.origin());
        var isFolder = assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(folder));
        assertEquals(folder + ": is a directory", isFolder.getMessage());
    }

    @Test
    void aPngThatClaims60000PixelsEachWayIsRefusedWithoutUsingMemory() {
        byte[] bomb = bombPng(60_000, 60_000);
        refusal(bomb); // loads the classes
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        String reason = refusal(bomb).reason();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 100_000, "allocated " + allocated + " bytes");
        assertTrue(reason.contains("60000x60000") && reason.contains("89478485"), reason);
    }

    @Test
    void hugeSizesAreRefusedInEveryFormat() throws IOException {
        byte[] jpeg = Fixtures.file("cifar-like.jpg");
        int frame = indexOf(jpeg, (byte) 0xff, (byte) 0xc0);
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 60_000).putShort(frame + 7, (short) 60_000);
        byte[] gif = Fixtures.file("still.gif");
        little(gif).putShort(6, (short) 60_000).putShort(8, (short) 60_000);
        byte[] bmp = Fixtures.file("rgb.bmp");
        little(bmp).putInt(18, 60_000).putInt(22, 60_000);
        byte[] webp = Fixtures.file("lossy-alpha.webp");
        little(webp).putInt(24, 0xffffff00 | webp[24]).putShort(28, (short) 0xffff);
        byte[] tiff = Fixtures.file("plain.tif");
        setTiffEntry(tiff, 256, 60_000);
        setTiffEntry(tiff, 257, 60_000);
        assertAll(List.of(jpeg, gif, bmp, webp, tiff, bombPng(Integer.MAX_VALUE, Integer.MAX_VALUE)).stream()
                .map(file -> () -> {
                    String reason = refusal(file).reason();
                    assertTrue(reason.contains("more than the limit of 89478485"), reason);
                }));
    }

    @Test
    void theLimitIsThatOfPillow() throws IOException {
        assertEquals(89_478_485, PixelLimit.MAX_PIXELS);
        PixelLimit.check(ImageFormat.PNG, 89_478_485, 1);
        assertThrows(MalformedImageException.class, () -> PixelLimit.check(ImageFormat.PNG, 89_478_486, 1));
        assertThrows(MalformedImageException.class, () -> PixelLimit.check(ImageFormat.PNG, 0, 5));
    }

    @Test
    void aJpegCutAnywhereIsRefused() throws IOException {
        for (String name : List.of("cifar-like.jpg", "gray.jpg", "restart-markers.jpg", "cmyk-adobe.jpg")) {
            byte[] file = Fixtures.file(name);
            for (int length = 3; length < file.length; length++) {
                String reason = refusal(Arrays.copyOf(file, length)).reason();
                assertTrue(reason.contains("truncated"), name + " cut to " + length + " bytes: " + reason);
            }
        }
    }

    @Test
    void everyFormatCutInTheMiddleIsRefused() throws IOException {
        for (Fixtures.Decoded fixture : Fixtures.decoded()) {
            byte[] file = fixture.file();
            if (!fixture.name().startsWith("animated") && !fixture.name().startsWith("pages")) {
                String reason = refusal(Arrays.copyOf(file, file.length / 2)).reason();
                assertTrue(reason.contains("truncated"), fixture + ": " + reason);
            }
        }
    }

    @Test
    void aPngWithTooFewRowsIsRefused() throws IOException {
        byte[] file = PngEncoder.encode(new Image(10, 10, 3, new byte[300]));
        ByteBuffer png = ByteBuffer.wrap(file);
        png.putInt(20, 20);
        var crc = new CRC32();
        crc.update(file, 12, 17);
        png.putInt(29, (int) crc.getValue());
        assertTrue(refusal(file).reason().contains("truncated"));
    }

    @Test
    void aDamagedPngChunkIsRefusedWithItsPlace() throws IOException {
        byte[] file = Fixtures.file("rgb.png");
        file[60] ^= 1;
        String reason = refusal(file).reason();
        assertTrue(reason.contains("at byte 33") && reason.contains("checksum"), reason);
    }

    @Test
    void unsupportedKindsOfJpegAreNamed() throws IOException {
        byte[] arithmetic = Fixtures.file("cifar-like.jpg");
        int frame = indexOf(arithmetic, (byte) 0xff, (byte) 0xc0);
        arithmetic[frame + 1] = (byte) 0xc9;
        assertTrue(refusal(arithmetic).reason().contains("arithmetic"));
        byte[] deep = Fixtures.file("cifar-like.jpg");
        deep[frame + 4] = 12;
        assertTrue(refusal(deep).reason().contains("12 bits"));
    }

    @Test
    void webpFramesInsideOfEachOtherAreRefused() {
        int depth = 100_000;
        int headers = 18 + 14;
        ByteBuffer file = little(new byte[12 + headers + 24 * depth]);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(4 + headers + 24 * depth);
        file.put("WEBPVP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).put((byte) 2);
        file.position(30).put("ANIM".getBytes(StandardCharsets.US_ASCII)).putInt(6);
        file.position(44);
        for (int i = depth; i > 0; i--) {
            file.put("ANMF".getBytes(StandardCharsets.US_ASCII))
                    .putInt(24 * i - 8)
                    .put(new byte[16]);
        }
        assertTrue(refusal(file.array()).reason().contains("holds no picture"));
    }

    @Test
    void damagedBytesGiveAPictureOrARefusalAndNothingElse() throws IOException {
        var random = new Random(7);
        int refused = 0;
        for (Fixtures.Decoded fixture : Fixtures.decoded()) {
            byte[] file = fixture.file();
            for (int round = 0; round < 20; round++) {
                byte[] damaged = file.clone();
                for (int i = 0; i <= round % 4; i++) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                try {
                    assertNotNull(ImageDecoder.decode(damaged, fixture.name()));
                } catch (UnreadableImageException e) {
                    refused++;
                    assertTrue(
                            e.getMessage().startsWith(fixture.name() + ": ")
                                    && !e.reason().isBlank(),
                            e.getMessage());
                }
            }
        }
        assertTrue(refused > 100, "only " + refused + " were refused");
    }

    @Test
    void aFailureOfThePluginIsTheCause(@TempDir Path folder) throws IOException {
        byte[] file = Fixtures.file("rgb.png");
        file[25] = 1; // no color type
        var crc = new CRC32();
        crc.update(file, 12, 17);
        ByteBuffer.wrap(file).putInt(29, (int) crc.getValue());
        Path path = Files.write(folder.resolve("odd.png"), file);
        var refusal = assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(path));
        assertNotNull(refusal.getCause());
        assertTrue(refusal.getMessage().startsWith(path + ": the PNG data is damaged"), refusal.getMessage());
    }

    private static UnreadableImageException refusal(byte[] file) {
        return assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(file, "x.jpg"));
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int indexOf(byte[] bytes, byte first, byte second) {
        for (int i = 0; i + 1 < bytes.length; i++) {
            if (bytes[i] == first && bytes[i + 1] == second) {
                return i;
            }
        }
        throw new AssertionError("no such bytes");
    }

    private static void setTiffEntry(byte[] tiff, int tag, int value) {
        ByteBuffer buffer = little(tiff);
        int directory = buffer.getInt(4);
        for (int i = 0; i < buffer.getShort(directory); i++) {
            int entry = directory + 2 + 12 * i;
            if (buffer.getShort(entry) == tag) {
                buffer.putInt(entry + 8, value);
                return;
            }
        }
        throw new AssertionError("no tag " + tag);
    }

    private static byte[] bombPng(int width, int height) {
        var header = ByteBuffer.allocate(25).putInt(13).put("IHDR".getBytes(StandardCharsets.US_ASCII));
        header.putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0});
        var crc = new CRC32();
        crc.update(header.array(), 4, 17);
        header.putInt((int) crc.getValue());
        var file = new ByteArrayOutputStream();
        file.writeBytes(Arrays.copyOf(PngEncoder.encode(new Image(1, 1, 1, new byte[1])), 8));
        file.writeBytes(header.array());
        return file.toByteArray();
    }
}
