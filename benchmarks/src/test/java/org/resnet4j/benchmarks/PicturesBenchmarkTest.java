package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.ImageDecoder;

class PicturesBenchmarkTest {
    private static final int CLASSES = 1000;

    @TempDir
    private Path folder;

    @Test
    void everyOptionIsRead() {
        PictureOptions options = PictureOptions.parse(
                "--model",
                "resnet50",
                "--collections",
                "png-1000,jpeg-500",
                "--count",
                "3",
                "--threads",
                "4",
                "--rounds",
                "2",
                "--limit",
                "90",
                "--pictures",
                "photos",
                "--peers",
                "pillow",
                "--python",
                "python3.13",
                "--csv",
                "a.csv");
        assertEquals("resnet50", options.model());
        assertEquals(List.of(PictureCollection.PNG_1000, PictureCollection.JPEG_500), options.collections());
        assertEquals(List.of(3, 4, 2), List.of(options.count(), options.threads(), options.rounds()));
        assertEquals(Duration.ofSeconds(90), options.limit());
        assertEquals(Path.of("photos"), options.pictures());
        assertEquals(List.of("pillow"), options.peers());
        assertEquals("python3.13", options.python());
        assertEquals(Path.of("a.csv"), options.csv());
        assertEquals(2, PictureOptions.parse().threads());
    }

    @ParameterizedTest
    @CsvSource({
        "--count, 0, '--count must be at least 1, got 0'",
        "--collections, gif, no collection gif",
        "--batches, 1, unknown option --batches"
    })
    void anInvalidOptionIsRefusedByName(String option, String value, String message) {
        var refused = assertThrows(IllegalArgumentException.class, () -> PictureOptions.parse(option, value));
        assertEquals(message, refused.getMessage());
    }

    @Test
    void aPeerWithoutItsLogitsIsRefusedWithTheReason() throws IOException {
        Path file = folder.resolve("peer.logits");
        var none = assertThrows(BenchmarkFailedException.class, () -> PicturesBenchmark.read(file, 2));
        assertEquals("it has written no logits", none.getMessage());
        Files.write(file, new byte[] {63, (byte) 128, 0, 0});
        var few = assertThrows(BenchmarkFailedException.class, () -> PicturesBenchmark.read(file, 2));
        assertEquals("it has written 1 logits instead of 2", few.getMessage());
        assertArrayEquals(new float[] {1}, PicturesBenchmark.read(file, 1));
    }

    @Test
    void theCollectionIsAlwaysTheSame() throws IOException {
        Path one = PictureCollection.JPEG_500.write(folder, 1).getFirst();
        byte[] first = Files.readAllBytes(one);
        assertArrayEquals(
                first,
                Files.readAllBytes(PictureCollection.JPEG_500.write(folder, 1).getFirst()));
        assertTrue(first.length > 20_000 && first.length < 30_000, first.length + " bytes");
        Image picture = ImageDecoder.decode(one);
        assertEquals(List.of(500, 375), List.of(picture.width(), picture.height()));
    }

    @Test
    void exactAndScaledLogitsComeFromTheWorker() throws IOException {
        List<Path> files = PictureCollection.JPEG_500.write(folder, 2);
        Path network = Files.createDirectory(folder.resolve("network"));
        PictureNetwork.write(network, "resnet18");
        for (var peer : List.of(new Resnet4jPictures(false), new Resnet4jPictures(true))) {
            Path logits = folder.resolve(peer.name());
            var answers = new ByteArrayOutputStream();
            try (var running = peer.open(network, 1);
                    var lines = new BufferedReader(new StringReader("round\nround\n"))) {
                PictureWorker.serve(
                        running, files, logits, lines, new PrintStream(answers, true, StandardCharsets.UTF_8));
            }
            List<String> lines =
                    answers.toString(StandardCharsets.UTF_8).lines().toList();
            assertEquals(2, lines.size());
            assertTrue(PictureProcess.Round.parse(lines.getFirst()).seconds() > 0, lines.getFirst());
            assertEquals(2L * CLASSES * Float.BYTES, Files.size(logits));
        }
    }

    @Test
    void agreementCountsLabelsAndDifferenceIsTheLargest() {
        PictureResult reference = result(1, 2, 4, 3);
        PictureResult other = result(1, 2.5f, 3, 3.5f);
        assertEquals(0.5, other.agreement(reference));
        assertEquals(1, other.difference(reference));
        assertEquals(4, other.imagesPerSecond());
        assertEquals(500, other.processorMilliseconds());
        assertEquals("unknown", other.peakMegabytes());
    }

    /** Two pictures of two classes, predicted in half a second. */
    private static PictureResult result(float... logits) {
        return new PictureResult("c", "p", 2, 1, List.of(new PictureProcess.Round(0.5, 1, -1)), logits, 2);
    }
}
