package org.resnet4j.cli.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;

class QuantizeCommandTest {
    @TempDir
    private Path folder;

    private Path data;
    private Path model;
    private Path output;

    @BeforeEach
    void train() throws IOException {
        data = folder.resolve("data");
        Cli.pictures(data.resolve("train"), 12, 0);
        Cli.pictures(data.resolve("val"), 4, 20);
        model = folder.resolve("model");
        output = folder.resolve("int8");
        Cli cli = Cli.run("train", "--data", data, "--model", "resnet8", "--epochs", 3, "--output", model);
        assertEquals(0, cli.code(), cli.err());
    }

    private Cli quantize(Object... more) {
        Object[] line = {"quantize", model, output, "--data", data, "--threads", 1};
        Object[] all = Arrays.copyOf(line, line.length + more.length);
        System.arraycopy(more, 0, all, line.length, more.length);
        return Cli.run(all);
    }

    @Test
    void theQuantizedModelIsUsedLikeAnyOther() throws IOException {
        Cli cli = quantize();
        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().startsWith("10 of 10 layers quantized, ranges of 36 images by "), cli.out());
        assertTrue(cli.out().contains("\n  float32  top-1 "), cli.out());
        assertTrue(cli.out().contains("\n  int8     top-1 "), cli.out());
        assertTrue(cli.out().contains("\nwritten to " + output), cli.out());
        long bytes = Files.size(output.resolve("model.safetensors"));
        assertTrue(bytes < 0.4 * Files.size(model.resolve("model.safetensors")), bytes + " bytes");

        Cli evaluated = Cli.run("evaluate", output, "--data", data, "--json");
        assertEquals(0, evaluated.code(), evaluated.err());
        assertTrue(evaluated.out().contains("\"samples\":12"), evaluated.out());
        Path picture = data.resolve("val/light/0.png");
        assertTrue(Files.exists(picture));
        Cli exact = Cli.run("predict", model, picture, "--json", "--logits");
        Cli near = Cli.run("predict", output, picture, "--json", "--logits");
        assertEquals(0, near.code(), near.err());
        assertFalse(near.out().equals(exact.out()), "logits of 8 bits differ");
        Cli plan = Cli.run("info", output, "--plan");
        assertTrue(plan.out().contains(" int8 "), plan.out());
        assertFalse(Cli.run("info", model, "--plan").out().contains(" int8 "));
        Cli twice = Cli.run("quantize", output, folder.resolve("twice"), "--data", data);
        assertEquals(3, twice.code());
        assertTrue(twice.err().contains(output + " is quantized already"), twice.err());
        Cli errors = Cli.run("inspect", "errors", output, "--data", data, "--output", folder.resolve("errors.html"));
        assertEquals(0, errors.code(), errors.err());
    }

    @Test
    void aQuantizedModelStaysQuantizedInFoldersAndOnnxFiles() throws IOException {
        assertEquals(0, quantize().code());
        Path onnx = folder.resolve("int8.onnx");
        Path copy = folder.resolve("copy");
        Path floats = folder.resolve("floats.safetensors");
        for (Path target : new Path[] {onnx, copy, floats}) {
            Cli cli = Cli.run("convert", output, target);
            assertEquals(0, cli.code(), cli.err());
        }
        String content = Files.readString(onnx, StandardCharsets.ISO_8859_1);
        assertTrue(content.contains("QuantizeLinear"));
        assertTrue(Files.size(onnx) < 0.5 * Files.size(floats), Files.size(onnx) + " bytes");
        assertArrayEquals(
                Files.readAllBytes(output.resolve("model.safetensors")),
                Files.readAllBytes(copy.resolve("model.safetensors")));
        assertFalse(Cli.run("info", floats, "--plan").out().contains(" int8 "));
    }

    @Test
    void theJsonHasBothAccuracies() {
        Cli cli = quantize("--json", "--samples", 5, "--keep", "conv1,fc");
        assertEquals(0, cli.code(), cli.err());
        for (String key : new String[] {
            "{\"samples\":5,", "\"float\":{", "\"int8\":{", "\"top1\":", "\"agreement\":", "\"bytes\":", "\"output\":"
        }) {
            assertTrue(cli.out().contains(key), cli.out());
        }
        String plan = Cli.run("info", output, "--plan").out();
        assertTrue(plan.lines().anyMatch(line -> line.startsWith("layer1.0.conv1 ") && line.contains(" int8 ")), plan);
        assertTrue(plan.lines().noneMatch(line -> line.startsWith("conv1 ") && line.contains(" int8 ")), plan);
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        byte[] before = Files.readAllBytes(model.resolve("model.safetensors"));
        Cli cli = Cli.run("quantize", model, model, "--data", data);
        assertEquals(3, cli.code());
        assertTrue(cli.err().contains(model + " is a model folder already, which is not overwritten"), cli.err());
        assertArrayEquals(before, Files.readAllBytes(model.resolve("model.safetensors")));
        Path file = Files.writeString(folder.resolve("file"), "text");
        cli = Cli.run("quantize", model, file, "--data", data);
        assertEquals(3, cli.code());
        assertEquals("text", Files.readString(file));
    }

    @Test
    void mistakesAreNamedBeforeAnythingIsWritten() {
        Cli cli = quantize("--keep", "conv1,layer9.conv1");
        assertEquals(2, cli.code());
        assertTrue(
                cli.err().contains("--keep: the network has no layer layer9.conv1; its layers are conv1, "), cli.err());
        assertEquals(2, quantize("--samples", 0).code());
        assertEquals(2, Cli.run("quantize", model, output).code());
        assertEquals(
                3,
                Cli.run("quantize", folder.resolve("none"), output, "--data", data)
                        .code());
        assertEquals(
                3,
                Cli.run("quantize", model, output, "--data", folder.resolve("none"))
                        .code());
        assertFalse(Files.exists(output));
    }
}
