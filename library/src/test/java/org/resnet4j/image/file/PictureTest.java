package org.resnet4j.image.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Resize;

class PictureTest {
    static Stream<String> files() throws IOException {
        return Fixtures.decoded().stream()
                .map(Fixtures.Decoded::name)
                .filter(name -> name.contains("jpg") || name.contains("png") || name.equals("lossy.webp"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void resizingAPartGivesThePixelsOfResizingTheSamePartOfTheWhole(String name) throws IOException {
        Picture picture = ImageDecoder.open(Fixtures.file(name), name);
        Image whole = ImageDecoder.decode(Fixtures.file(name), name);
        assertEquals(whole.width(), picture.width());
        assertEquals(whole.height(), picture.height());
        assertEquals(0, Fixtures.difference(whole, picture.decode()));
        var random = new Random(7);
        for (int trial = 0; trial < 40; trial++) {
            int width = 1 + random.nextInt(whole.width());
            int height = 1 + random.nextInt(whole.height());
            int x = random.nextInt(whole.width() - width + 1);
            int y = random.nextInt(whole.height() - height + 1);
            // More than half of the part, so that there is no reduction.
            int toWidth = width / 2 + 1 + random.nextInt(20);
            int toHeight = height / 2 + 1 + random.nextInt(20);
            for (Interpolation interpolation : Interpolation.values()) {
                Picture.Part part = picture.decode(x, y, width, height, toWidth, toHeight, interpolation);
                var box = new Resize.Box(x, y, x + width, y + height);
                assertEquals(
                        0,
                        Fixtures.difference(
                                Resize.resize(whole, toWidth, toHeight, interpolation, box),
                                Resize.resize(part.image(), toWidth, toHeight, interpolation, part.box())));
            }
        }
    }

    static IntStream orientations() {
        return IntStream.rangeClosed(1, 8);
    }

    @ParameterizedTest
    @MethodSource("orientations")
    void aReducedPartShowsTheSamePlaceHoweverTheCameraWasHeld(int orientation) throws IOException {
        byte[] file = turned(slope(107, 75), orientation);
        Picture picture = ImageDecoder.open(file, "turned");
        Image whole = ImageDecoder.decode(file, "turned");
        assertEquals(orientation > 4 ? 75 : 107, picture.width());
        assertEquals(whole.width(), picture.width());
        assertEquals(whole.height(), picture.height());
        var random = new Random(orientation);
        for (int trial = 0; trial < 50; trial++) {
            int width = 48 + random.nextInt(whole.width() - 47);
            int height = 48 + random.nextInt(whole.height() - 47);
            int x = random.nextInt(whole.width() - width + 1);
            int y = random.nextInt(whole.height() - height + 1);
            int size = 6 + random.nextInt(6);
            Picture.Part part = picture.decode(x, y, width, height, size, size, Interpolation.BILINEAR);
            assertTrue(part.image().width() <= width / 2 + 8 && part.image().height() <= height / 2 + 8);
            Image expected = Resize.resize(
                    whole, size, size, Interpolation.BILINEAR, new Resize.Box(x, y, x + width, y + height));
            Image actual = Resize.resize(part.image(), size, size, Interpolation.BILINEAR, part.box());
            // A reduced pixel with an offset of half a pixel makes a difference of 3 to 10.
            int difference = Fixtures.difference(expected, actual);
            assertTrue(difference <= 3, "difference " + difference);
        }
    }

    @Test
    void noFewerPixelsAreLeftThanTheSizeHas() throws IOException {
        Picture picture = ImageDecoder.open(Fixtures.bytes("parts/420.jpg"), "420");
        int[] sides = {5, 9, 10, 18, 19, 37, 38, 60};
        int[] reductions = {8, 8, 4, 4, 2, 2, 1, 1};
        for (int i = 0; i < sides.length; i++) {
            Resize.Box box = picture.decode(10, 0, 97, 75, sides[i], sides[i], Interpolation.BILINEAR)
                    .box();
            assertEquals(97f / reductions[i], box.right() - box.left(), sides[i] + " pixels");
            assertEquals(75f / reductions[i], box.bottom() - box.top(), sides[i] + " pixels");
        }
    }

    /** Returns a JPEG file that is brighter to the right in red, and to the bottom in green. */
    private static byte[] slope(int width, int height) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, 20 + 2 * x << 16 | 40 + 2 * y << 8);
            }
        }
        var out = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, "jpg", out));
        return out.toByteArray();
    }

    /** Returns the file with EXIF data that contains only an orientation. */
    static byte[] turned(byte[] file, int orientation) {
        byte[] exif = {
            (byte) 0xff,
            (byte) 0xe1,
            0,
            34,
            'E',
            'x',
            'i',
            'f',
            0,
            0,
            'M',
            'M',
            0,
            42,
            0,
            0,
            0,
            8,
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            (byte) orientation,
            0,
            0,
            0,
            0,
            0,
            0
        };
        var out = new ByteArrayOutputStream();
        out.write(file, 0, 2);
        out.writeBytes(exif);
        out.write(file, 2, file.length - 2);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"420.jpg", "420-progressive.jpg"})
    void aTruncatedFileIsRefusedWhereverThePartIs(String name) throws IOException {
        byte[] file = Fixtures.bytes("parts/" + name);
        Picture cut = ImageDecoder.open(Arrays.copyOf(file, file.length - 40), "cut.jpg");
        var failure = assertThrows(
                UnreadableImageException.class, () -> cut.decode(0, 0, 16, 16, 4, 4, Interpolation.BILINEAR));
        assertTrue(String.valueOf(failure.getMessage()).contains("cut.jpg"), failure.getMessage());
    }

    @Test
    void aPartOutsideIsRefused() throws IOException {
        Picture coded = ImageDecoder.open(Fixtures.bytes("parts/420.jpg"), "420");
        for (Picture picture : new Picture[] {coded, Picture.of(coded.decode())}) {
            assertThrows(
                    IndexOutOfBoundsException.class, () -> picture.decode(100, 0, 8, 8, 4, 4, Interpolation.BILINEAR));
            assertThrows(
                    IndexOutOfBoundsException.class, () -> picture.decode(0, -1, 8, 8, 4, 4, Interpolation.BILINEAR));
        }
    }

    @Test
    void whatIsNoPictureIsRefusedWhenOpened() {
        assertThrows(UnreadableImageException.class, () -> ImageDecoder.open(new byte[] {1, 2, 3}, "x"));
        assertThrows(
                UnreadableImageException.class,
                () -> ImageDecoder.open(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xd9}, "x"));
    }
}
