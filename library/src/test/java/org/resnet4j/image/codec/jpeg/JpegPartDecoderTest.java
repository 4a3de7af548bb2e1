package org.resnet4j.image.codec.jpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.image.Geometry;
import org.resnet4j.image.Image;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.PixelLimit;
import org.resnet4j.image.file.Fixtures;

class JpegPartDecoderTest {
    private static final List<String> FILES = List.of(
            "parts/420.jpg",
            "parts/422.jpg",
            "parts/444.jpg",
            "parts/rgb.jpg",
            "parts/gray.jpg",
            "parts/420-restarts.jpg",
            "parts/420-rough.jpg",
            "parts/420-fine.jpg",
            "parts/420-progressive.jpg",
            "parts/422-progressive.jpg",
            "parts/444-progressive.jpg",
            "parts/gray-progressive.jpg",
            "parts/420-progressive-restarts.jpg",
            "files/baseline-420.jpg",
            "files/baseline-422.jpg",
            "files/baseline-440.jpg",
            "files/baseline-444.jpg",
            "files/cifar-like.jpg",
            "files/comment.jpg",
            "files/gray.jpg",
            "files/low-quality.jpg",
            "files/progressive.jpg",
            "files/progressive-gray.jpg",
            "files/restart-markers.jpg",
            "files/rgb.jpg",
            "files/untagged-420.jpg",
            "files/untagged-444.jpg");

    /** The result of Pillow's draft mode for a file. */
    record Reduced(String name, int reduction, Image expected) {
        @Override
        public String toString() {
            return name + " 1/" + reduction;
        }
    }

    static Stream<String> files() {
        return FILES.stream();
    }

    static Stream<Reduced> reduced() throws IOException {
        return Fixtures.records("parts.gz", in -> new Reduced(in.readUTF(), in.readInt(), Fixtures.image(in))).stream();
    }

    private static @Nullable Image decode(byte[] file, int reduction) throws IOException {
        JpegHeader header = JpegHeader.parse(file);
        int width = Math.ceilDiv(header.width(), reduction);
        int height = Math.ceilDiv(header.height(), reduction);
        return JpegPartDecoder.decode(header, reduction, 0, 0, width, height);
    }

    private static Image decodeWhole(byte[] file, int reduction) throws IOException {
        Image image = decode(file, reduction);
        assertNotNull(image);
        return image;
    }

    @ParameterizedTest
    @MethodSource("files")
    void atFullSizeThePixelsAreThoseOfTheWholeDecoder(String name) throws IOException {
        byte[] file = Fixtures.bytes(name);
        Image expected = JpegDecoder.decodeUnusual(JpegHeader.parse(file));
        assertEquals(0, Fixtures.difference(expected, decodeWhole(file, 1)));
        assertNotNull(JpegPartDecoder.decodeWhole(JpegHeader.parse(file)));
    }

    @ParameterizedTest
    @MethodSource("reduced")
    void reducedPixelsAreWithinTwoLevelsOfPillows(Reduced fixture) throws IOException {
        Image actual = decodeWhole(Fixtures.bytes("parts/" + fixture.name()), fixture.reduction());
        assertTrue(Fixtures.difference(fixture.expected(), actual) <= 2);
    }

    @ParameterizedTest
    @MethodSource("files")
    void aPartHasThePixelsOfTheWhole(String name) throws IOException {
        byte[] file = Fixtures.bytes(name);
        JpegHeader header = JpegHeader.parse(file);
        var random = new Random(5);
        for (int reduction = 1; reduction <= 8; reduction *= 2) {
            Image whole = decodeWhole(file, reduction);
            for (int trial = 0; trial < 60; trial++) {
                int width = 1 + random.nextInt(whole.width());
                int height = 1 + random.nextInt(whole.height());
                int x = random.nextInt(whole.width() - width + 1);
                int y = random.nextInt(whole.height() - height + 1);
                Image part = JpegPartDecoder.decode(header, reduction, x, y, width, height);
                assertNotNull(part);
                assertEquals(0, Fixtures.difference(Geometry.crop(whole, x, y, width, height), part));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ycck.jpg", "cmyk-adobe.jpg", "one-pixel.jpg", "three-by-five.jpg"})
    void unusualFilesAreLeftToTheWholeDecoder(String name) throws IOException {
        assertNull(decode(Fixtures.file(name), 1));
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatLiesBehindTheEndDoesNotMatter(String name) throws IOException {
        byte[] file = Fixtures.bytes(name);
        byte[] longer = Arrays.copyOf(file, file.length + 100);
        assertEquals(0, Fixtures.difference(decodeWhole(file, 2), decodeWhole(longer, 2)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aTruncatedFileIsRefusedOrLeftToTheWholeDecoder(String name) throws IOException {
        byte[] file = Fixtures.bytes(name);
        int scan = file.length - entropyCoded(file);
        for (int length = scan; length < file.length - 1; length += 7) {
            byte[] cut = Arrays.copyOf(file, length);
            try {
                assertNull(decode(cut, 2), name + " cut to " + length);
            } catch (MalformedImageException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("scans are missing"), e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parts/420.jpg", "parts/444.jpg", "parts/420-restarts.jpg"})
    void aFileWhoseDataEndBeforeThePartIsLeftToTheWholeDecoder(String name) throws IOException {
        byte[] file = Fixtures.bytes(name);
        byte[] cut = Arrays.copyOf(file, file.length - entropyCoded(file) / 2);
        cut[cut.length - 2] = (byte) 0xff;
        cut[cut.length - 1] = (byte) 0xd9;
        assertNull(decode(cut, 1));
        JpegHeader header = JpegHeader.parse(cut);
        Image top = JpegPartDecoder.decode(header, 1, 0, 0, header.width(), 8);
        assertNotNull(top);
        assertEquals(0, Fixtures.difference(Geometry.crop(decodeWhole(file, 1), 0, 0, header.width(), 8), top));
    }

    /** Returns the number of bytes after the header of the first scan. */
    private static int entropyCoded(byte[] file) {
        for (int at = 2; ; ) {
            int length = (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff;
            boolean scan = file[at + 1] == (byte) 0xda;
            at += 2 + length;
            if (scan) {
                return file.length - at;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void damageNeverCausesAnythingButALeftFile(String name) throws IOException {
        byte[] file = Fixtures.bytes(name);
        var random = new Random(11);
        int decoded = 0;
        int left = 0;
        for (int trial = 0; trial < 400; trial++) {
            byte[] damaged = file.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[2 + random.nextInt(damaged.length - 4)] = (byte) random.nextInt(256);
            }
            JpegHeader header;
            try {
                header = JpegHeader.parse(damaged);
                PixelLimit.check(ImageFormat.JPEG, header.width() * 8L, header.height() * 8L);
            } catch (MalformedImageException refused) {
                continue;
            }
            int reduction = 1 << random.nextInt(4);
            int width = Math.ceilDiv(header.width(), reduction);
            int height = Math.ceilDiv(header.height(), reduction);
            Image image = JpegPartDecoder.decode(header, reduction, 0, 0, width, height);
            if (image == null) {
                left++;
            } else {
                assertEquals(width, image.width());
                assertEquals(height, image.height());
                decoded++;
            }
        }
        assertTrue(left > 0 && decoded > 0, left + " left, " + decoded + " decoded");
    }

    @Test
    void aHuffmanTableWithMoreCodesThanThereAreIsRefused() {
        byte[] table = new byte[16 + 3];
        table[0] = 3;
        assertNull(JpegHuffmanTable.parse(table, 0, table.length));
        table[0] = 1;
        assertNotNull(JpegHuffmanTable.parse(table, 0, table.length));
        assertNull(JpegHuffmanTable.parse(table, 0, 16));
    }
}
