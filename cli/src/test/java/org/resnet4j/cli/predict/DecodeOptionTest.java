package org.resnet4j.cli.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

class DecodeOptionTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path data;

    @BeforeEach
    void writeModelAndPictures() throws IOException {
        model = folder.resolve("model");
        ResNet network = ResNet.create(ResNets.named("resnet20").withClasses(2).withImages(16, 3), 3);
        var transform = EvaluationTransform.ofCropPct(16, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        ModelFolder.save(model, new Model(network, List.of("ant", "bee"), transform));
        data = folder.resolve("data");
        var random = new Random(1);
        for (String name : List.of("ant", "bee")) {
            Path of = Files.createDirectories(data.resolve(name));
            for (int i = 0; i < 5; i++) {
                var image = new BufferedImage(200, 150, BufferedImage.TYPE_INT_RGB);
                for (int at = 0; at < 200 * 150; at++) {
                    image.setRGB(at % 200, at / 200, random.nextInt(1 << 24));
                }
                ImageIO.write(image, "jpg", of.resolve(i + ".jpg").toFile());
            }
        }
    }

    private static String run(Object... arguments) {
        Cli cli = Cli.run(arguments);
        assertEquals(0, cli.code(), cli.err());
        return cli.out();
    }

    private static String run(List<Object> line, Object... more) {
        var all = new ArrayList<>(line);
        all.addAll(List.of(more));
        return run(all.toArray());
    }

    private static void assertChoice(Object... arguments) {
        List<Object> line = List.of(arguments);
        String usual = run(line);
        assertEquals(usual, run(line, "--decode", "exact"));
        assertNotEquals(usual, run(line, "--decode", "scaled"));
    }

    @Test
    void exactIsTheDefaultOfPredictAndScaledChangesTheScores() {
        assertChoice("predict", model, data.resolve("ant/0.jpg"), "--logits");
        assertChoice("predict", model, data, "--recursive", "--embedding", "--json");
    }

    @Test
    void theTableOfPredictHasTheScoresOfTheChosenDecoding() throws IOException {
        var tables = new ArrayList<String>();
        for (String decode : List.of("exact", "scaled")) {
            Path table = folder.resolve(decode + ".csv");
            run("predict", model, data, "--recursive", "--csv", table, "--decode", decode);
            tables.add(Files.readString(table));
        }
        assertNotEquals(tables.getFirst(), tables.getLast());
    }

    private String loss(Object... more) {
        String json = run(List.of("evaluate", model, "--data", data, "--json"), more);
        return json.substring(json.indexOf("\"loss\""), json.indexOf("\"samples\""));
    }

    @Test
    void evaluateMeasuresTheChosenDecoding() {
        assertEquals(loss(), loss("--decode", "exact"));
        assertNotEquals(loss(), loss("--decode", "scaled"));
    }

    private String calibration(Object... more) {
        String json = run(List.of("inspect", "errors", model, "--data", data, "--json"), more);
        return json.substring(json.indexOf("\"calibrationError\""), json.indexOf("\"skipped\""));
    }

    @Test
    void theErrorsAreThoseOfTheChosenDecoding() {
        Path page = folder.resolve("errors.html");
        String usual = calibration("--output", page);
        assertEquals(usual, calibration("--output", folder.resolve("exact.html"), "--decode", "exact"));
        assertNotEquals(usual, calibration("--output", folder.resolve("scaled.html"), "--decode", "scaled"));
    }

    @Test
    void anotherWordIsWrongUsage() {
        Cli cli = Cli.run("predict", model, data, "--decode", "fast");
        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains("exact"), cli.err());
        assertTrue(cli.err().contains("scaled"), cli.err());
    }
}
