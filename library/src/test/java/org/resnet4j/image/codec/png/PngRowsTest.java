package org.resnet4j.image.codec.png;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.jdk.PluginDecoder;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.Picture;
import org.resnet4j.image.file.UnreadableImageException;

/** The rows of PNG files, beside the pixels of the JDK's reader. */
class PngRowsTest {
    private static final EvaluationTransform TRANSFORM =
            new EvaluationTransform(9, 7, Interpolation.BICUBIC, Normalization.IMAGENET, false);

    static Stream<PngFiles.Kind> kinds() {
        return Stream.of(
                        "0 1 0", "0 2 0", "0 4 0", "0 8 0", "0 16 0", "2 8 0", "2 16 0", "3 1 2", "3 1 1", "3 2 3",
                        "3 4 16", "3 4 7", "3 8 256", "3 8 2", "3 8 4", "3 4 2", "3 4 4", "3 4 3", "3 2 2", "3 8 1",
                        "3 8 17", "3 8 200", "3 8 16", "3 8 5", "4 8 0", "4 16 0", "6 8 0", "6 16 0")
                .map(kind -> kind.split(" "))
                .flatMap(kind -> Stream.of(1, 2, 7, 8, 13, 31)
                        .map(width -> new PngFiles.Kind(
                                width,
                                11,
                                Integer.parseInt(kind[0]),
                                Integer.parseInt(kind[1]),
                                Integer.parseInt(kind[2]))));
    }

    private static Image byReader(byte[] file) throws IOException {
        byte[] critical = PngFile.parse(file).critical();
        return PluginDecoder.decode(ImageFormat.PNG, critical, critical.length);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void thePixelsAreThoseOfTheJdkForEveryFilter(PngFiles.Kind kind) throws IOException {
        var random = new Random(kind.width());
        for (int filter = -1; filter < 5; filter++) {
            byte[] data = PngFiles.deflated(PngFiles.rows(kind, filter, random));
            byte[] file = PngFiles.file(kind, data, 1 + random.nextInt(data.length), 0);
            Image expected = byReader(file);
            Image actual = PngRows.decode(PngFile.parse(file));
            assertNotNull(actual, "read row by row");
            assertArrayEquals(expected.samples(), actual.samples(), "filter " + filter);
            Picture picture = ImageDecoder.open(file, "x");
            assertArrayEquals(
                    TRANSFORM.apply(expected).samples(),
                    picture.prepare(TRANSFORM, false).samples());
        }
    }

    /** Returns the pixels; null if the file is refused. */
    private static byte @Nullable [] pixelsByReader(byte[] file) {
        try {
            return TRANSFORM.apply(byReader(file)).samples();
        } catch (IOException | RuntimeException refused) {
            return null;
        }
    }

    private static void assertDecodedAsBefore(byte[] file, String what) {
        byte[] expected = pixelsByReader(file);
        byte[] whole = null;
        byte[] prepared = null;
        String reason = "";
        String preparedReason = "";
        try {
            whole = TRANSFORM.apply(ImageDecoder.decode(file, "x")).samples();
        } catch (UnreadableImageException refused) {
            reason = refused.reason();
        }
        try {
            prepared = ImageDecoder.open(file, "x").prepare(TRANSFORM, false).samples();
        } catch (UnreadableImageException refused) {
            preparedReason = refused.reason();
        }
        assertArrayEquals(expected, whole, what);
        assertArrayEquals(expected, prepared, what);
        assertEquals(reason, preparedReason, what);
        assertEquals(expected == null, !reason.isEmpty(), what);
    }

    @Test
    void dataThatEndsEarlyIsRefusedAsByTheJdkWhereverItEnds() {
        var kind = new PngFiles.Kind(13, 11, PngFile.TRUECOLOR, 8, 0);
        byte[] data = PngFiles.deflated(PngFiles.rows(kind, -1, new Random(1)));
        for (int length = 1; length < data.length; length++) {
            assertDecodedAsBefore(PngFiles.file(kind, Arrays.copyOf(data, length), 100, 0), length + " bytes of data");
        }
        byte[] file = PngFiles.file(kind, data, 100, 0);
        for (int length = 8; length < file.length; length++) {
            assertDecodedAsBefore(Arrays.copyOf(file, length), length + " bytes of the file");
        }
    }

    @Test
    void damagedBytesAreTreatedAsByTheJdk() {
        var kind = new PngFiles.Kind(13, 11, PngFile.INDEXED, 4, 9);
        byte[] data = PngFiles.deflated(PngFiles.rows(kind, -1, new Random(2)));
        for (int at = 0; at < data.length; at++) {
            byte[] damaged = data.clone();
            damaged[at] ^= (byte) (1 << at % 8);
            assertDecodedAsBefore(PngFiles.file(kind, damaged, 1000, 0), "data byte " + at);
        }
        byte[] file = PngFiles.file(kind, data, 1000, 0);
        for (int at = 8; at < file.length; at++) {
            byte[] damaged = file.clone();
            damaged[at] ^= 4;
            assertDecodedAsBefore(damaged, "byte " + at);
        }
    }

    @Test
    void anUnknownFilterIsRefusedBelowTheCropToo() {
        var kind = new PngFiles.Kind(13, 40, PngFile.TRUECOLOR, 8, 0);
        byte[] rows = PngFiles.rows(kind, 1, new Random(3));
        rows[rows.length - 1 - kind.rowBytes()] = 5;
        byte[] file = PngFiles.file(kind, PngFiles.deflated(rows), 1000, 0);
        assertNull(pixelsByReader(file));
        assertDecodedAsBefore(file, "filter 5 in the last row");
    }

    @Test
    void rowsThatAreTooManyOrTooFewAreTreatedAsByTheJdk() {
        var kind = new PngFiles.Kind(13, 11, PngFile.GRAY_ALPHA, 8, 0);
        byte[] rows = PngFiles.rows(kind, -1, new Random(4));
        for (int more = -30; more <= 30; more++) {
            byte[] file = PngFiles.file(kind, PngFiles.deflated(Arrays.copyOf(rows, rows.length + more)), 1000, 0);
            assertDecodedAsBefore(file, more + " bytes more");
        }
    }

    @Test
    void unusualFilesKeepThePixelsOfTheJdk() throws IOException {
        var plain = new PngFiles.Kind(13, 11, PngFile.TRUECOLOR, 8, 0);
        byte[] data = PngFiles.deflated(PngFiles.rows(plain, 0, new Random(5)));
        var withoutPalette = new PngFiles.Kind(13, 11, PngFile.INDEXED, 8, 0);
        var withPalette = new PngFiles.Kind(13, 11, PngFile.TRUECOLOR, 8, 7);
        var tooManyColors = new PngFiles.Kind(13, 11, PngFile.INDEXED, 2, 9);
        var unknownDepth = new PngFiles.Kind(13, 11, PngFile.TRUECOLOR, 4, 0);
        for (var kind : new PngFiles.Kind[] {withoutPalette, withPalette, tooManyColors, unknownDepth}) {
            byte[] rows = PngFiles.deflated(PngFiles.rows(kind, -1, new Random(6)));
            byte[] file = PngFiles.file(kind, rows, 1000, 0);
            assertNull(PngRows.decode(PngFile.parse(file)), kind.toString());
            assertDecodedAsBefore(file, kind.toString());
        }
        assertDecodedAsBefore(PngFiles.file(plain, data, 1000, 2), "an unknown interlace method");
        var interrupted = new ByteArrayOutputStream();
        byte[] file = PngFiles.file(plain, data, data.length / 2 + 1, 0);
        int second = 33 + 12 + data.length / 2 + 1;
        interrupted.write(file, 0, second);
        PngFiles.chunk(interrupted, "tIME", new byte[7]);
        interrupted.write(file, second, file.length - second);
        assertNotNull(PngRows.decode(PngFile.parse(interrupted.toByteArray())));
        assertDecodedAsBefore(interrupted.toByteArray(), "an ancillary chunk between the data");
    }

    @Test
    void preparingAPictureAllocatesNothingOfItsSize() throws IOException {
        var kind = new PngFiles.Kind(1500, 1000, PngFile.TRUECOLOR, 8, 0);
        byte[] file = PngFiles.file(kind, PngFiles.deflated(new byte[1000 * 4501]), 8192, 0);
        var transform = new EvaluationTransform(64, 56, Interpolation.BILINEAR, Normalization.IMAGENET, false);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            ImageDecoder.open(file, "x").prepare(transform, false);
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(allocated < 1_500_000, "allocated " + allocated + " bytes");
    }
}
