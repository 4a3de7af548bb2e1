package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.model.json.JsonFile;

/**
 * Small inputs that real users meet, with what is right for each, where this machine has them: in the folder {@code inputs}
 * beside the one that RESNET4J_DATA names. The same kinds, made by code, are tested where they are read.
 */
class SmallInputsTest {
    private static Path inputs;

    @TempDir
    private Path folder;

    @BeforeAll
    static void find() {
        String data = System.getenv("RESNET4J_DATA");
        assumeTrue(data != null, "RESNET4J_DATA is not set");
        inputs = Path.of(data).toAbsolutePath().normalize().resolveSibling("inputs");
        assumeTrue(Files.isDirectory(inputs), "there is no folder " + inputs);
    }

    @ParameterizedTest
    @CsvSource({
        "webp_lossless_17_colours_transparent_ground.webp, 5, 5, 0 0 0",
        "tiff_cmyk_jpeg.tif, 5, 5, 39 40 7",
        "tiff_cmyk_16bit.tif, 5, 5, 161 161 187",
        "tiff_ycbcr_jpeg_components_0_1_2.tif, 5, 5, 38 39 5",
        "tiff_rgb_16bit_deflate_predictor.tif, 5, 5, 40 40 6",
        "tiff_associated_alpha.tif, 5, 5, 39 39 5",
        "tiff_packbits_fillorder_2.tif, 0, 0, 255 255 255",
        "tiff_bigtiff.tif, 5, 5, 40 40 6",
        "tiff_float32_grey.tif, 5, 5, 40 40 40",
        "jpeg_mjpeg_frame_without_dht.jpg, 5, 5, 39 41 4",
        "bmp_size_fields_zero.bmp, 5, 5, 40 40 6"
    })
    void pixelsArePillows(String name, int x, int y, String color) throws UnreadableImageException {
        Image image = ImageDecoder.decode(inputs.resolve(name));
        byte[] samples = image.samples();
        int at = (y * image.width() + x) * 3;
        assertEquals(color, (samples[at] & 0xff) + " " + (samples[at + 1] & 0xff) + " " + (samples[at + 2] & 0xff));
    }

    @Test
    void orientationInXmpAloneTurnsAPicture() throws UnreadableImageException {
        Image image = ImageDecoder.decode(inputs.resolve("jpeg_orientation_in_xmp_only.jpg"));
        assertEquals("20x32", image.width() + "x" + image.height());
    }

    @Test
    void halfFloatsAreWhiteOrRefused() {
        Image image;
        try {
            image = ImageDecoder.decode(inputs.resolve("tiff_half_float.tif"));
        } catch (UnreadableImageException refused) {
            assertTrue(refused.getMessage().contains("half-float"), refused.getMessage());
            return;
        }
        for (byte sample : image.samples()) {
            assertEquals(255, sample & 0xff);
        }
    }

    /** A copy of a data set whose class folders have other names. */
    private Path renamed(String source, Map<String, String> names) throws IOException {
        Path copy = folder.resolve("renamed");
        for (Map.Entry<String, String> name : names.entrySet()) {
            Path target = Files.createDirectories(copy.resolve(name.getValue()));
            try (Stream<Path> files = Files.list(inputs.resolve(source).resolve(name.getKey()))) {
                for (Path file : files.toList()) {
                    Files.copy(file, target.resolve(file.getFileName()));
                }
            }
        }
        return copy;
    }

    @Test
    void scoresThatAreNotFiniteAreAnError() throws IOException {
        Path data = renamed("plain", Map.of("cat", "a", "dog", "b"));
        for (Object[] line : new Object[][] {
            {"evaluate", inputs.resolve("nan_model"), "--data", data, "--json"},
            {"predict", inputs.resolve("nan_model"), inputs.resolve("plain/cat/0.png"), "--json"}
        }) {
            Cli cli = Cli.run(line);
            assertTrue(cli.code() != 0, cli.out());
            assertTrue(cli.err().contains("not finite"), cli.err());
        }
    }

    @Test
    void tutorialCheckpointGivesTheAnswersOfItsModel() throws IOException {
        Path picture = inputs.resolve("plain/cat/0.png");
        Cli folder = Cli.run("predict", inputs.resolve("m8"), picture, "--logits", "--json");
        Path file = inputs.resolve("pth_tutorial_model_state_dict.pth");
        for (List<Object> more : List.of(List.<Object>of("--model", "resnet8"), List.of())) {
            var line = new ArrayList<Object>(List.of("predict", file, picture, "--logits", "--json"));
            line.addAll(more);
            Cli alone = Cli.run(line.toArray());
            assertEquals(0, alone.code(), alone.err());
            assertEquals(logits(folder), logits(alone));
        }
    }

    private static String logits(Cli cli) {
        var prediction = (Map<?, ?>) ((List<?>) cli.json().get("predictions")).getFirst();
        return String.valueOf(prediction.get("logits"));
    }

    private List<?> trainedLabels(Path data) throws IOException {
        Path model = folder.resolve("model");
        Cli cli =
                Cli.run("train", "--data", data, "--model", "resnet8", "--epochs", 1, "--output", model, "--overwrite");
        assertEquals(0, cli.code(), cli.err());
        return (List<?>) JsonFile.read(model.resolve("config.json"), 1 << 20).get("label_names");
    }

    @Test
    void namesOfClassesAreReadable() throws IOException {
        List<String> fruit = List.of("ma\u00e7\u00e3", "uva");
        assertEquals(fruit, trainedLabels(inputs.resolve("maca")));
        assertEquals(fruit, trainedLabels(inputs.resolve("zip_windows_explorer_names.zip")));
        assertEquals(List.of("cats", "dogs"), trainedLabels(inputs.resolve("kaggle")));
        assertEquals(fruit, trainedLabels(inputs.resolve("nfd")));
        Cli evaluated = Cli.run("evaluate", folder.resolve("model"), "--data", inputs.resolve("nfc"));
        assertEquals(0, evaluated.code(), evaluated.err());
    }

    @Test
    void oneClassIsMeasured() throws IOException {
        Path data = renamed("plain", Map.of("cat", "a"));
        Cli cli = Cli.run("evaluate", inputs.resolve("m8"), "--data", data, "--json");
        assertEquals(0, cli.code(), cli.err());
        assertEquals(6, cli.json().get("samples"));
    }

    @Test
    void resumeOfOtherClassesIsRefused() throws IOException {
        Path data = renamed("plain", Map.of("cat", "cat", "dog", "dog"));
        Path model = folder.resolve("model");
        Object[] train = {
            "train", "--data", data, "--model", "resnet8", "--epochs", 2, "--output", model, "--checkpoint-seconds", 0
        };
        assertEquals(0, Cli.run(train).code());
        Files.move(data.resolve("cat"), data.resolve("zcat"));
        Cli resumed = Cli.run("train", "--resume", "--epochs", 3, "--output", model);
        assertTrue(resumed.code() != 0, resumed.err());
        assertTrue(resumed.err().contains("class"), resumed.err());
    }

    @Test
    void batchThatCannotBeNormalizedIsWrongUsage() {
        Cli cli = Cli.run(
                "train",
                "--data",
                inputs.resolve("plain"),
                "--model",
                "resnet18",
                "--image-size",
                32,
                "--batch-size",
                1,
                "--output",
                folder.resolve("model"));
        assertEquals(2, cli.code(), cli.err());
    }
}
