package org.resnet4j.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.image.file.Fixtures;

class GeometryTest {
    record Case(String operation, int a, int b, Image source, Image expected) {
        @Override
        public String toString() {
            return operation + " " + a + " " + b + " of " + source.width() + "x" + source.height() + "x"
                    + source.channels();
        }
    }

    static Stream<Case> cases() throws IOException {
        return Fixtures.records(
                "geometry.gz",
                in -> new Case(in.readUTF(), in.readInt(), in.readInt(), Fixtures.image(in), Fixtures.image(in)))
                .stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void resultsEqualThoseOfTorchvision(Case given) {
        Image actual = switch (given.operation()) {
            case "centerCrop" -> Geometry.centerCrop(given.source(), given.a(), given.b());
            case "resizeShorterSide" -> Geometry.resizeShorterSide(given.source(), given.a(), Interpolation.BILINEAR);
            case "flip" -> Geometry.flipHorizontally(given.source());
            case "gray" -> given.source().toGray();
            default -> throw new AssertionError(given.operation());
        };
        assertEquals(0, Fixtures.difference(given.expected(), actual));
    }

    @Test
    void paddingThenCroppingGivesThePictureBack() {
        Image image = ResizeTest.randomImage(new Random(3), 5, 4, 3);
        Image padded = Geometry.pad(image, 1, 2, 3, 4);
        assertEquals(9, padded.width());
        assertEquals(10, padded.height());
        assertArrayEquals(image.samples(), Geometry.crop(padded, 1, 2, 5, 4).samples());
        assertArrayEquals(new byte[9 * 2 * 3], Geometry.crop(padded, 0, 0, 9, 2).samples());
        assertArrayEquals(
                new byte[3 * 10 * 3], Geometry.crop(padded, 6, 0, 3, 10).samples());
        assertSame(image, Geometry.pad(image, 0, 0, 0, 0));
    }

    @Test
    void cropsOutsideAndNegativePaddingAreRefused() {
        Image image = ResizeTest.randomImage(new Random(3), 5, 4, 1);
        assertThrows(IndexOutOfBoundsException.class, () -> Geometry.crop(image, 2, 0, 4, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> Geometry.crop(image, 0, -1, 4, 4));
        assertThrows(IllegalArgumentException.class, () -> Geometry.pad(image, -1, 0, 0, 0));
        assertThrows(
                IllegalArgumentException.class, () -> Geometry.resizeShorterSide(image, 0, Interpolation.BILINEAR));
    }

    @ParameterizedTest
    @EnumSource
    void everyOrientationHasOneThatUndoesIt(Orientation orientation) {
        Image image = ResizeTest.randomImage(new Random(4), 5, 3, 3);
        Orientation inverse = switch (orientation) {
            case TURN_CLOCKWISE -> Orientation.TURN_COUNTERCLOCKWISE;
            case TURN_COUNTERCLOCKWISE -> Orientation.TURN_CLOCKWISE;
            default -> orientation;
        };
        Image back = inverse.upright(orientation.upright(image));
        assertEquals(0, Fixtures.difference(image, back));
    }

    @Test
    void turningClockwiseBringsTheLeftColumnToTheTop() {
        Image image = new Image(2, 3, 1, new byte[] {1, 2, 3, 4, 5, 6});
        assertArrayEquals(
                new byte[] {5, 3, 1, 6, 4, 2},
                Orientation.TURN_CLOCKWISE.upright(image).samples());
    }

    @Test
    void grayAndBackKeepsGray() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        Image gray = new Image(16, 16, 1, all);
        assertArrayEquals(all, gray.toRgb().toGray().samples());
        assertSame(gray, gray.toGray());
    }
}
