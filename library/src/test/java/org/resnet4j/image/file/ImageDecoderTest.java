package org.resnet4j.image.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.image.Image;

class ImageDecoderTest {
    static Stream<Fixtures.Decoded> fixtures() throws IOException {
        return Fixtures.decoded().stream();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void pixelsEqualThoseOfPillow(Fixtures.Decoded fixture) throws IOException {
        Image actual = ImageDecoder.decode(fixture.file(), fixture.name());
        assertEquals(0, Fixtures.difference(fixture.expected(), actual));
    }

    @Test
    void theContentDecidesNotTheExtension(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("picture.jpg"), Fixtures.file("rgb.png"));
        assertEquals(37, ImageDecoder.decode(file).width());
    }

    @Test
    void theSameBytesDecodeTheSameFromManyThreads() throws Exception {
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (String name :
                List.of("cifar-like.jpg", "ycck.jpg", "rgb.png", "animated.gif", "lzw.tif", "lossless.webp")) {
            byte[] file = Fixtures.file(name);
            Image alone = ImageDecoder.decode(file, name);
            for (int i = 0; i < 100; i++) {
                tasks.add(() -> Fixtures.difference(alone, ImageDecoder.decode(file, name)));
            }
        }
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (Future<Integer> difference : threads.invokeAll(tasks)) {
                assertEquals(0, difference.get());
            }
        }
    }

    @Test
    void decodingLeavesTheBytesAsTheyWere() throws IOException {
        for (Fixtures.Decoded fixture : Fixtures.decoded()) {
            byte[] file = fixture.file();
            byte[] before = file.clone();
            ImageDecoder.decode(file, fixture.name());
            assertArrayEquals(before, file, fixture.name());
        }
    }
}
