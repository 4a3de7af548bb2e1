package org.resnet4j.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.image.file.Fixtures;
import org.resnet4j.image.filter.Taps;

public class ResizeTest {
    record Case(Image source, Interpolation interpolation, Resize.Box box, Image expected) {
        @Override
        public String toString() {
            return interpolation + " " + source.width() + "x" + source.height() + "x" + source.channels() + " " + box
                    + " to " + expected.width() + "x" + expected.height();
        }
    }

    static Stream<Case> cases() throws IOException {
        return Fixtures.records(
                "resize.gz",
                in -> new Case(
                        Fixtures.image(in),
                        Interpolation.valueOf(in.readUTF()),
                        new Resize.Box(in.readFloat(), in.readFloat(), in.readFloat(), in.readFloat()),
                        Fixtures.image(in)))
                .stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyBitEqualsPillow(Case given) {
        Image expected = given.expected();
        Image actual =
                Resize.resize(given.source(), expected.width(), expected.height(), given.interpolation(), given.box());
        assertEquals(0, Fixtures.difference(expected, actual));
    }

    @Test
    void aWindowOfTheResultEqualsTheCropOfTheWholeResult() {
        var random = new Random(11);
        for (int round = 0; round < 200; round++) {
            Image source = randomImage(random, 1 + random.nextInt(40), 1 + random.nextInt(40), round % 2 == 0 ? 3 : 1);
            int width = random.nextInt(4) == 0 ? source.width() : 1 + random.nextInt(40);
            int height = random.nextInt(4) == 0 ? source.height() : 1 + random.nextInt(40);
            int x = random.nextInt(width);
            int y = random.nextInt(height);
            int windowWidth = 1 + random.nextInt(width - x);
            int windowHeight = 1 + random.nextInt(height - y);
            var interpolation = Interpolation.values()[round % Interpolation.values().length];
            Image whole = Resize.resize(source, width, height, interpolation);
            assertArrayEquals(
                    Geometry.crop(whole, x, y, windowWidth, windowHeight).samples(),
                    Resize.resize(
                                    source,
                                    interpolation,
                                    new Taps.Range(source.width(), 0, source.width(), width, x, x + windowWidth),
                                    new Taps.Range(source.height(), 0, source.height(), height, y, y + windowHeight))
                            .samples());
        }
    }

    @Test
    void aConstantPictureStaysConstant() {
        byte[] samples = new byte[13 * 7 * 3];
        Arrays.fill(samples, (byte) 201);
        for (Interpolation interpolation : Interpolation.values()) {
            for (byte sample : Resize.resize(new Image(13, 7, 3, samples), 29, 3, interpolation)
                    .samples()) {
                assertEquals((byte) 201, sample);
            }
        }
    }

    @Test
    void theSameSizeIsTheSamePicture() {
        Image image = randomImage(new Random(1), 5, 4, 3);
        assertSame(image, Resize.resize(image, 5, 4, Interpolation.BICUBIC));
    }

    @Test
    void boxesOutsideOfThePictureAndEmptySizesAreRefused() {
        Image image = randomImage(new Random(1), 5, 4, 3);
        assertThrows(IllegalArgumentException.class, () -> new Resize.Box(2, 0, 2, 4));
        assertThrows(IllegalArgumentException.class, () -> new Resize.Box(-1, 0, 2, 4));
        assertThrows(IllegalArgumentException.class, () -> new Resize.Box(0, Float.NaN, 2, 4));
        var tooWide = new Resize.Box(0, 0, 5.5f, 4);
        assertThrows(IllegalArgumentException.class, () -> Resize.resize(image, 2, 2, Interpolation.BILINEAR, tooWide));
        assertThrows(IllegalArgumentException.class, () -> Resize.resize(image, 0, 2, Interpolation.BILINEAR));
    }

    public static Image randomImage(Random random, int width, int height, int channels) {
        byte[] samples = new byte[width * height * channels];
        random.nextBytes(samples);
        return new Image(width, height, channels, samples);
    }
}
