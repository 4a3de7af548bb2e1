package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

/** Tests of real processes whose heap is too small for all threads to work at once. */
class SmallHeapTest {
    @TempDir
    private Path folder;

    private record Ended(int code, String said) {}

    private Ended run(String heap, Object... arguments) throws Exception {
        Path log = Files.createTempFile(folder, "log", null);
        List<String> command = Cli.processOf(arguments);
        command.set(command.indexOf("-Xmx512m"), heap);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(300, TimeUnit.SECONDS));
        return new Ended(process.exitValue(), Files.readString(log));
    }

    /** Writes pictures of 12 megapixels, each of which takes 72 MB while it is decoded. */
    private Path largePictures(int perClass) throws IOException {
        for (String name : List.of("dark", "light")) {
            var image = new BufferedImage(4000, 3000, BufferedImage.TYPE_INT_RGB);
            image.setRGB(0, 0, name.hashCode());
            Path file = Files.createDirectories(folder.resolve("data").resolve(name))
                    .resolve("0.png");
            ImageIO.write(image, "png", file.toFile());
            for (int i = 1; i < perClass; i++) {
                Files.copy(file, file.resolveSibling(i + ".png"));
            }
        }
        return folder.resolve("data");
    }

    /** Writes JPEG files of 12 megapixels, each of which takes 36 MB when it is decoded. */
    private Path photographs(int count) throws IOException {
        var image = new BufferedImage(4000, 3000, BufferedImage.TYPE_INT_RGB);
        var random = new Random(5);
        for (int y = 0; y < 3000; y += 50) {
            for (int x = 0; x < 4000; x += 50) {
                var square = new int[2500];
                Arrays.fill(square, random.nextInt(1 << 24));
                image.setRGB(x, y, 50, 50, square, 0, 50);
            }
        }
        Path file = Files.createDirectories(folder.resolve("photographs/dark")).resolve("0.jpg");
        ImageIO.write(image, "jpg", file.toFile());
        for (int i = 1; i < count; i++) {
            Files.copy(file, file.resolveSibling(i + ".jpg"));
        }
        return file.getParent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exact", "scaled"})
    void largePhotographsAreAllPredictedInAHeapSmallerThanOneOfThem(String decode) throws Exception {
        Path pictures = photographs(8);
        Path answers = folder.resolve("answers.csv");
        Ended ended =
                run("-Xmx32m", "predict", model(64), pictures, "--decode", decode, "--csv", answers, "--threads", 4);
        assertEquals(0, ended.code(), ended.said());
        List<String> rows = Files.readAllLines(answers);
        assertEquals(9, rows.size(), ended.said());
        assertEquals(
                1,
                rows.stream()
                        .skip(1)
                        .map(row -> row.substring(row.indexOf(".jpg")))
                        .distinct()
                        .count());
    }

    /** Trains with horizontal flips, for which a PNG file is decoded as a whole. */
    private Ended train(String heap, Path data, int threads) throws Exception {
        return run(
                heap,
                "train",
                "--data",
                data,
                "--output",
                folder.resolve("with" + threads),
                "--model",
                "resnet8",
                "--image-size",
                16,
                "--batch-size",
                4,
                "--epochs",
                1,
                "--augmentation",
                "flip",
                "--threads",
                threads);
    }

    @Test
    void aSmallHeapSkipsNoPictureWhateverTheThreads() throws Exception {
        Path data = largePictures(5);
        for (int threads : List.of(1, 6)) {
            Ended trained = train("-Xmx256m", data, threads);
            assertEquals(0, trained.code(), trained.said());
            assertFalse(trained.said().contains("skipped"), trained.said());
        }
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("with1").resolve("model.safetensors")),
                Files.readAllBytes(folder.resolve("with6").resolve("model.safetensors")));
    }

    @Test
    void aHeapTooSmallForOnePictureFailsTheRunAndNotThePicture() throws Exception {
        Path data = largePictures(2);
        Ended trained = train("-Xmx64m", data, 2);
        assertEquals(1, trained.code(), trained.said());
        assertTrue(trained.said().contains("the heap is too small"), trained.said());
        assertTrue(trained.said().contains("-Xmx"), trained.said());
        assertFalse(trained.said().contains("skipped"), trained.said());
    }

    @Test
    void anInputSizeThatDoesNotFitIsRefusedWithWhatItTakes() throws Exception {
        Path picture =
                Cli.pictures(folder.resolve("data"), 1, 0).resolve("dark").resolve("0.png");
        // The images of the first model fit into the heap, but the network's activations do not.
        for (int size : List.of(3000, 10_000)) {
            Path model = model(size);
            for (Ended ended : List.of(
                    run("-Xmx256m", "predict", model, picture),
                    run("-Xmx256m", "evaluate", model, "--data", folder.resolve("data")))) {
                assertEquals(1, ended.code(), ended.said());
                assertTrue(ended.said().contains(size + "x" + size + " pixels takes "), ended.said());
                assertTrue(ended.said().contains("the heap of this JVM is limited to 256 MB"), ended.said());
                assertFalse(ended.said().contains("--image-size"), "the command does not have this option");
            }
        }
    }

    @Test
    void aTrainingThatDoesNotFitIsRefusedWithTheBatchThatWould() throws Exception {
        Path data = Cli.pictures(folder.resolve("data"), 40, 0);
        Path output = folder.resolve("out");
        Ended ended = run(
                "-Xmx400m",
                "train",
                "--data",
                data,
                "--model",
                "resnet18",
                "--image-size",
                224,
                "--batch-size",
                32,
                "--output",
                output);
        assertEquals(1, ended.code(), ended.said());
        assertTrue(
                ended.said().contains("training resnet18 on batches of 32 images of 224x224 pixels takes about "),
                ended.said());
        assertTrue(
                ended.said().contains("the heap of this JVM is limited to 400 MB: use batches of up to "),
                ended.said());
        assertFalse(Files.exists(output));
    }

    @Test
    void aBatchLargerThanTheDataTakesTheMemoryOfTheData() throws Exception {
        Path data = Cli.pictures(folder.resolve("data"), 4, 0);
        Ended ended = run(
                "-Xmx400m",
                "train",
                "--data",
                data,
                "--model",
                "resnet8",
                "--image-size",
                16,
                "--batch-size",
                65_536,
                "--epochs",
                1,
                "--output",
                folder.resolve("out"));
        assertEquals(0, ended.code(), ended.said());
    }

    private Path model(int size) throws Exception {
        var network = ResNet.create(ResNets.named("resnet8").withClasses(3).withImages(8, 3), 3);
        var transform = EvaluationTransform.ofCropPct(size, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        Path model = folder.resolve("model" + size);
        ModelFolder.save(model, new Model(network, List.of("dark", "light", "striped"), transform));
        return model;
    }

    /** The model is rejected whatever the size of the heap. */
    @Test
    void anInputSizeThatNoArrayCanHoldIsADescriptionOfNoNetwork() throws Exception {
        Path model = model(16_384);
        Ended ended = run("-Xmx256m", "predict", model, folder.resolve("none.png"));
        assertEquals(3, ended.code(), ended.said());
        assertTrue(ended.said().contains("config.json: describes a network that cannot be created"), ended.said());
    }
}
