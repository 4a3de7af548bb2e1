package org.resnet4j.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightFiles;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;

/** Text from files and servers must not reach a terminal as control sequences. */
class TerminalTextTest {
    private static final String ESCAPE = "\u001b[2J\u009b31m\u202e";
    private static final String SHOWN = "\\u001b[2J\\u009b31m\\u202e";

    @TempDir
    private Path folder;

    private static void assertVisible(Cli cli) {
        String all = (cli.out() + cli.err()).replace("\n", "").replace("\r\n", "");
        assertTrue(
                all.codePoints().noneMatch(TerminalText::isControl),
                () -> all.codePoints()
                        .filter(TerminalText::isControl)
                        .mapToObj(Integer::toHexString)
                        .toList()
                        .toString());
    }

    private Path model(String label) throws IOException {
        ResNet network = ResNet.create(ResNets.named("resnet8").withClasses(2), 3);
        var transform = EvaluationTransform.ofCropPct(32, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        Path model = folder.resolve("model");
        ModelFolder.save(model, new Model(network, List.of(label, "other"), transform));
        return model;
    }

    @Test
    void textStaysAndEverythingElseIsShown() {
        String text = "maçã, 苹果, \ud83c\udf4e\tand\u00a0more";
        assertEquals(text, TerminalText.visible(text));
        assertEquals("a" + SHOWN + "\\ud800b\\u000ac", TerminalText.visible("a" + ESCAPE + "\ud800b\nc"));
    }

    @Test
    void longMessagesAreCutWithTheirLength() {
        String cut = TerminalText.shortened("x".repeat(3_000_000));
        assertTrue(cut.length() < 6100, cut.length() + " characters");
        assertTrue(cut.endsWith("… (3000000 characters)"));
        Cli cli = Cli.run("info", "x".repeat(100_000), "--json");
        assertTrue(
                cli.out().length() < 13_000 && cli.err().length() < 7_000,
                cli.out().length() + " characters");
    }

    @Test
    void labelsFileNamesAndTensorNamesAreShownWithoutTheirControlCharacters() throws IOException {
        Path model = model("ant" + ESCAPE);
        Path pictures = Cli.pictures(folder.resolve("data"), 1, 0).resolve("dark");
        Path picture = Files.move(pictures.resolve("0.png"), pictures.resolve("p" + ESCAPE + ".png"));
        Cli predicted = Cli.run("predict", model, picture);
        assertEquals(0, predicted.code(), predicted.err());
        assertVisible(predicted);
        assertTrue(predicted.out().contains("ant" + SHOWN), predicted.out());
        Cli json = Cli.run("predict", model, picture, "--json");
        assertVisible(json);
        assertTrue(json.json().toString().contains("ant" + ESCAPE), "JSON keeps every character");

        var state = new StateDict();
        state.put("conv" + ESCAPE, Tensor.zeros(1));
        Path weights = folder.resolve("w" + ESCAPE + ".safetensors");
        WeightFiles.write(weights, state);
        Path pickle = folder.resolve("w" + ESCAPE + ".pth");
        WeightFiles.write(pickle, state);
        for (Path file : List.of(weights, pickle)) {
            Cli refused = Cli.run("predict", file, picture);
            assertEquals(3, refused.code());
            assertVisible(refused);
            assertTrue(refused.err().contains("conv" + SHOWN), refused.err());
        }
        Files.writeString(picture, "no picture " + ESCAPE);
        assertVisible(Cli.run("predict", model, picture));
        assertVisible(Cli.run("predict", model, folder.resolve("missing" + ESCAPE)));
        assertVisible(Cli.run("train", "--data", folder.resolve("missing" + ESCAPE)));
        assertVisible(Cli.run("info", "x" + ESCAPE));
        assertVisible(Cli.run("--x" + ESCAPE));
    }

    /** By default, picocli reads arguments from a file whose name follows an @; here it is an ordinary name. */
    @Test
    void aPictureMayBeginWithAnAt() throws IOException {
        Path model = model("ant");
        Path arguments = Files.writeString(folder.resolve("arguments"), "--help");
        Cli cli = Cli.run("predict", model, "@" + arguments);
        assertEquals(3, cli.code());
        assertTrue(cli.err().contains("@" + arguments + ": no such file"), cli.err());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void resultsThatCannotBeWrittenAreAFailure() throws Exception {
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(Cli.quickProcessOf("info", "resnet20"))
                .redirectOutput(Path.of("/dev/full").toFile())
                .redirectError(err.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(1, process.exitValue());
        String said = Files.readString(err);
        assertTrue(said.contains("standard output cannot be written: No space left on device"), said);
        assertFalse(said.contains("\tat "), said);
    }
}
