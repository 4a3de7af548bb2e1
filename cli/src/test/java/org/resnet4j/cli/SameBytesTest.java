package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.image.Image;
import org.resnet4j.image.PngEncoder;
import org.resnet4j.weights.safetensors.SafetensorsFile;

/** A run is a function of its seed, data and settings: real processes that end with the same bytes. */
class SameBytesTest {
    private static final int KILLS = 20;
    private static final List<String> FILES = List.of("model.safetensors", "last/model.safetensors");

    @TempDir
    private Path folder;

    private Path log;
    private Path photos;

    @BeforeEach
    void drawPhotos() throws IOException {
        log = folder.resolve("log.txt");
        photos = folder.resolve("photos");
        var random = new Random(5);
        for (int label = 0; label < 3; label++) {
            Path kind = Files.createDirectories(photos.resolve("kind" + label));
            for (int number = 0; number < 20; number++) {
                var samples = new byte[12 * 12 * 3];
                for (int i = 0; i < samples.length; i++) {
                    samples[i] = (byte) (60 * label + random.nextInt(100));
                }
                Files.write(kind.resolve(number + ".png"), PngEncoder.encode(new Image(12, 12, 3, samples)));
            }
        }
    }

    private List<String> training(Path output, String... more) {
        var arguments = new ArrayList<>(List.of("train", "--data", photos.toString(), "--model", "resnet20"));
        arguments.addAll(List.of("--image-size", "12", "--batch-size", "8", "--seed", "3", "--ema", "0.9"));
        arguments.addAll(List.of("--output", output.toString()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static void assertSameModels(Path expected, Path actual) throws IOException {
        for (String file : FILES) {
            assertEquals(-1, Files.mismatch(expected.resolve(file), actual.resolve(file)), file + " in " + actual);
        }
    }

    @Test
    void twiceTheSameCommandAndAnyNumberOfThreadsGiveTheSameBytes() throws Exception {
        Path first = folder.resolve("first");
        CommandProcess.run(log, training(first, "--epochs", "3", "--threads", "1"));
        for (String threads : List.of("1", "2", "3")) {
            Path again = folder.resolve("threads" + threads);
            CommandProcess.run(log, training(again, "--epochs", "3", "--threads", threads));
            assertSameModels(first, again);
        }
    }

    @Test
    void aRunThatIsKilledAtRandomMomentsAndResumedEndsWithTheBytesOfOneThatWasNot() throws Exception {
        Path whole = folder.resolve("whole");
        CommandProcess.run(log, training(whole, "--epochs", "30"));
        var random = new Random(11);
        int run = 0;
        int kills = 0;
        Path killed = folder.resolve("killed0");
        while (kills < KILLS) {
            Process process = CommandProcess.start(log, training(killed, "--epochs", "30", "--resume"));
            if (process.waitFor(random.nextInt(200, 3000), TimeUnit.MILLISECONDS)) {
                assertEquals(0, process.exitValue(), () -> read(log));
                assertSameModels(whole, killed);
                run++;
                killed = folder.resolve("killed" + run);
            } else {
                process.destroyForcibly().waitFor();
                kills++;
                assertOnlyWholeFiles(killed);
            }
        }
        CommandProcess.run(log, training(killed, "--epochs", "30", "--resume"));
        assertSameModels(whole, killed);
    }

    /** Whatever moment the process died at, a file that is there can be read. */
    private static void assertOnlyWholeFiles(Path output) throws IOException {
        for (String name : List.of("model.safetensors", "checkpoint.safetensors")) {
            Path file = output.resolve(name);
            if (Files.exists(file)) {
                assertTrue(
                        SafetensorsFile.read(file).tensors().size() > 0, name);
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            return failure.toString();
        }
    }
}
