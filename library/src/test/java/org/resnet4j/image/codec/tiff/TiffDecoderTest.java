package org.resnet4j.image.codec.tiff;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.Fixtures;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.UnreadableImageException;

class TiffDecoderTest {
    /** A case of tiff_fixtures.py: pixels, or a part of the message. */
    record Fixture(
            String name,
            byte[] file,
            String message,
            @Nullable Image expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Fixture> all() throws IOException {
        return Fixtures.records("tiff.gz", in -> {
            String name = in.readUTF();
            byte[] file = in.readNBytes(in.readInt());
            String message = in.readUTF();
            return new Fixture(name, file, message, message.isEmpty() ? Fixtures.image(in) : null);
        });
    }

    static Stream<Fixture> pictures() throws IOException {
        return all().stream().filter(fixture -> fixture.expected != null);
    }

    static Stream<Fixture> refusals() throws IOException {
        return all().stream().filter(fixture -> fixture.expected == null);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void pixelsEqualThoseOfPillow(Fixture fixture) throws IOException {
        Image actual = ImageDecoder.decode(fixture.file, fixture.name);
        assertEquals(0, Fixtures.difference(Objects.requireNonNull(fixture.expected), actual));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatIsNotReadAsPillowReadsItIsRefusedByName(Fixture fixture) {
        String reason = refusal(fixture.file, fixture.name).reason();
        assertTrue(reason.contains(fixture.message), reason);
    }

    @Test
    void aFileCutAnywhereIsRefused() throws IOException {
        for (Fixture fixture : pictures().toList()) {
            if (fixture.name.equals("no-lengths")) {
                continue; // the last code of its LZW data is not needed
            }
            // In the files that the script wrote itself, the directory is first and the rows are last.
            boolean rowsAtTheEnd = fixture.file[4] == 8 || fixture.file[8] == 16;
            int step = Math.max(1, fixture.file.length / 50);
            for (int length = rowsAtTheEnd ? fixture.file.length - 1 : 7; length > 3; length -= step) {
                String reason = refusal(Arrays.copyOf(fixture.file, length), fixture.name)
                        .reason();
                assertTrue(reason.contains("truncated"), fixture + " cut to " + length + " bytes: " + reason);
            }
        }
    }

    @Test
    void damagedFilesGiveAPictureOrARefusalAndNothingElse() throws IOException {
        var random = new Random(11);
        for (Fixture fixture : all()) {
            for (int round = 0; round < 20; round++) {
                byte[] damaged = fixture.file.clone();
                for (int i = 0; i <= round % 4; i++) {
                    damaged[random.nextInt(Math.min(damaged.length, 300))] = (byte) random.nextInt();
                }
                try {
                    assertNotNull(ImageDecoder.decode(damaged, fixture.name));
                } catch (UnreadableImageException e) {
                    assertTrue(e.getMessage().startsWith(fixture.name + ": "), e.getMessage());
                }
            }
        }
    }

    @Test
    void aSmallFileOfManyPixelsTakesNoLongerThanItsPixels() {
        int width = 9_000;
        int height = 9_900;
        byte[] rows = deflatedZeros(width * height);
        byte[] file = grayFile(width, height, 8, rows);
        assertTrue(file.length < 100_000, "a file of " + file.length + " bytes");
        Image image = assertTimeoutPreemptively(Duration.ofSeconds(60), () -> ImageDecoder.decode(file, "zeros.tif"));
        assertEquals(width, image.width());
    }

    @Test
    void theNumberOfValuesIsCheckedBeforeTheyAreRead() {
        ByteBuffer file = ByteBuffer.wrap(grayFile(4, 4, 1, new byte[16])).order(ByteOrder.LITTLE_ENDIAN);
        for (int entry = 10; entry < 10 + 12 * 7; entry += 12) {
            byte[] damaged = file.array().clone();
            ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putInt(entry + 4, Integer.MIN_VALUE);
            assertTrue(refusal(damaged, "damaged.tif").reason().contains("truncated"));
        }
    }

    private static byte[] deflatedZeros(int length) {
        var out = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(out)) {
            byte[] zeros = new byte[1 << 16];
            for (int left = length; left > 0; left -= zeros.length) {
                deflater.write(zeros, 0, Math.min(left, zeros.length));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    /** Returns a file with one strip of 8-bit gray. */
    private static byte[] grayFile(int width, int height, int compression, byte[] rows) {
        List<int[]> tags = List.of(
                new int[] {256, width},
                new int[] {257, height},
                new int[] {258, 8},
                new int[] {259, compression},
                new int[] {262, 1},
                new int[] {273, 8 + 2 + 12 * 7 + 4},
                new int[] {279, rows.length});
        var file =
                ByteBuffer.allocate(8 + 2 + 12 * tags.size() + 4 + rows.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put("II*\0".getBytes(US_ASCII)).putInt(8).putShort((short) tags.size());
        for (int[] tag : tags) {
            file.putShort((short) tag[0]).putShort((short) 4).putInt(1).putInt(tag[1]);
        }
        return file.putInt(0).put(rows).array();
    }

    private static UnreadableImageException refusal(byte[] file, String name) {
        return assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(file, name), name);
    }
}
