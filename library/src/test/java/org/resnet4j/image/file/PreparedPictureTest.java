package org.resnet4j.image.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;

/** Resizing while decoding, beside resizing the decoded picture. */
class PreparedPictureTest {
    private static final Normalization GRAY = Normalization.uniform(1, 0.5f, 0.5f);

    static Stream<String> files() throws IOException {
        return Fixtures.decoded().stream().map(Fixtures.Decoded::name);
    }

    private static List<EvaluationTransform> transforms(Random random) {
        int resize = 4 + random.nextInt(60);
        int input = Math.max(1, resize - random.nextInt(20));
        Interpolation[] all = Interpolation.values();
        Interpolation interpolation = all[random.nextInt(all.length)];
        return List.of(
                new EvaluationTransform(resize, input, interpolation, Normalization.IMAGENET, false),
                new EvaluationTransform(resize, input, interpolation, GRAY, false),
                new EvaluationTransform(input, resize, interpolation, Normalization.IMAGENET, true));
    }

    @ParameterizedTest
    @MethodSource("files")
    void thePixelsAreThoseOfTheDecodedPicture(String name) throws IOException {
        Image whole = ImageDecoder.decode(Fixtures.file(name), name);
        Picture picture = ImageDecoder.open(Fixtures.file(name), name);
        var random = new Random(3);
        for (int trial = 0; trial < 25; trial++) {
            for (EvaluationTransform transform : transforms(random)) {
                Image expected = transform.apply(whole);
                Image actual = picture.prepare(transform, false);
                assertEquals(expected.channels(), actual.channels());
                assertArrayEquals(expected.samples(), actual.samples(), transform.toString());
            }
        }
    }

    static Stream<Arguments> turned() {
        return Stream.of("420", "422", "rgb", "444", "420-progressive", "420-restarts", "gray")
                .flatMap(name -> Stream.of(1, 2, 3, 4, 5, 6, 7, 8).map(orientation -> Arguments.of(name, orientation)));
    }

    @ParameterizedTest
    @MethodSource("turned")
    void thePixelsAreThoseOfTheDecodedPictureHoweverTheCameraWasHeld(String name, int orientation) throws IOException {
        byte[] file = PictureTest.turned(Fixtures.bytes("parts/" + name + ".jpg"), orientation);
        Image whole = ImageDecoder.decode(file, name);
        Picture picture = ImageDecoder.open(file, name);
        var random = new Random(orientation);
        for (int trial = 0; trial < 10; trial++) {
            for (EvaluationTransform transform : transforms(random)) {
                assertArrayEquals(
                        transform.apply(whole).samples(),
                        picture.prepare(transform, false).samples(),
                        transform.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"420", "422", "444", "420-progressive", "gray"})
    void scaledPixelsAreCloseToTheExactOnes(String name) throws IOException {
        Picture picture = ImageDecoder.open(Fixtures.bytes("parts/" + name + ".jpg"), name);
        int shorter = Math.min(picture.width(), picture.height());
        for (int size = 6; size <= shorter; size += 5) {
            var transform = new EvaluationTransform(size, size - 1, Interpolation.BILINEAR, GRAY, false);
            byte[] exact = picture.prepare(transform, false).samples();
            byte[] scaled = picture.prepare(transform, true).samples();
            double sum = 0;
            for (int i = 0; i < exact.length; i++) {
                sum += Math.abs((exact[i] & 0xff) - (scaled[i] & 0xff));
            }
            assertTrue(sum / exact.length < 2, size + " pixels: " + sum / exact.length);
            if (shorter < 4 * size) {
                assertArrayEquals(exact, scaled, "not reduced");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"420.jpg", "444.jpg", "420-progressive.jpg", "420-restarts.jpg"})
    void aFileIsRefusedForDamageOutsideTheCropToo(String name) throws IOException {
        byte[] file = Fixtures.bytes("parts/" + name);
        var transform = new EvaluationTransform(32, 8, Interpolation.BILINEAR, Normalization.IMAGENET, false);
        int refused = 0;
        for (int length = file.length - 3; length > 2 * file.length / 3; length -= 11) {
            byte[] cut = Arrays.copyOf(file, length);
            String expected = messageOf(() -> ImageDecoder.decode(cut, "cut"));
            assertEquals(expected, messageOf(() -> ImageDecoder.open(cut, "cut").prepare(transform, false)));
            cut[length - 2] = (byte) 0xff;
            cut[length - 1] = (byte) 0xd9;
            expected = messageOf(() -> ImageDecoder.decode(cut, "cut"));
            assertEquals(expected, messageOf(() -> ImageDecoder.open(cut, "cut").prepare(transform, false)));
            assertEquals(expected, messageOf(() -> ImageDecoder.open(cut, "cut").prepare(transform, true)));
            refused += expected.isEmpty() ? 0 : 1;
        }
        assertTrue(refused > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossy.webp", "lossy-95-6.webp", "lossy-100-4.webp"})
    void aLossyWebpIsRefusedForMissingDataWhenItsRowsAreRead(String name) throws IOException {
        byte[] file = Fixtures.file(name);
        assertInstanceOf(WebpPicture.class, ImageDecoder.open(file, name), "its pixels are deferred");
        var transform = new EvaluationTransform(32, 8, Interpolation.BILINEAR, Normalization.IMAGENET, false);
        int refused = 0;
        for (int percent = 5; percent <= 95; percent += 5) {
            byte[] cut = Arrays.copyOf(file, file.length * percent / 100);
            ByteBuffer.wrap(cut)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(4, cut.length - 8)
                    .putInt(16, cut.length - 20);
            String expected = messageOf(() -> ImageDecoder.decode(cut, "cut"));
            assertEquals(expected, messageOf(() -> ImageDecoder.open(cut, "cut").prepare(transform, false)));
            refused += expected.isEmpty() ? 0 : 1;
        }
        assertTrue(refused > 10, refused + " refused");
    }

    private interface Reading {
        void run() throws UnreadableImageException;
    }

    private static String messageOf(Reading reading) {
        try {
            reading.run();
            return "";
        } catch (UnreadableImageException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    @Test
    void whatIsNoPictureIsRefused() {
        assertThrows(UnreadableImageException.class, () -> ImageDecoder.open(new byte[] {1, 2, 3}, "x"));
    }
}
