package org.resnet4j.cli.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;

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
    void aQuantizedOnnxFileIsUsedLikeAnyOther() {
        assertEquals(0, quantize("--keep", "conv1").code());
        Path onnx = folder.resolve("int8.onnx");
        Path back = folder.resolve("back");
        assertEquals(0, Cli.run("convert", output, onnx).code());
        assertEquals(0, Cli.run("convert", onnx, back).code());
        String plan = Cli.run("info", output, "--plan").out();
        assertTrue(plan.contains(" int8 "), plan);
        for (Path read : List.of(onnx, back)) {
            assertEquals(plan, Cli.run("info", read, "--plan").out());
            Cli evaluated = Cli.run("evaluate", read, "--data", data, "--json");
            assertEquals(0, evaluated.code(), evaluated.err());
            assertTrue(evaluated.out().contains("\"samples\":12"), evaluated.out());
            Path report = folder.resolve(read.getFileName() + ".html");
            Cli errors = Cli.run("inspect", "errors", read, "--data", data, "--output", report);
            assertEquals(0, errors.code(), errors.err());
            Cli twice = Cli.run("quantize", read, folder.resolve("twice"), "--data", data);
            assertEquals(3, twice.code());
            assertTrue(twice.err().contains(read + " is quantized already"), twice.err());
        }
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

    /**
     * Gives a convolution huge weights for a channel that is always 0. Nothing changes in float32, but the scales of its
     * weights become so coarse that all others round to 0.
     */
    private void coarsen(String block) throws IOException {
        change(block, 0, -1, 1e4f);
    }

    /**
     * Gives an inner value of a block a channel that is always huge and that nobody uses. Nothing changes in float32,
     * but the scale of the value becomes so coarse that all other channels round to 0.
     */
    private void stretch(String block, float number) throws IOException {
        change(block, 0, number, 0);
    }

    private void change(String block, float gamma, float beta, float weight) throws IOException {
        Model trained = ModelFolder.load(model);
        StateDict state = ResNetState.stateDict(trained.network());
        state.tensors().get(block + ".bn1.weight").array()[0] = gamma;
        state.tensors().get(block + ".bn1.bias").array()[0] = beta;
        Tensor weights = state.tensors().get(block + ".conv2.weight");
        int places = 9;
        int perOutput = weights.size() / weights.shape().extent(0);
        for (int i = 0; i < weights.size(); i++) {
            if (i % perOutput < places) {
                weights.array()[i] = weight;
            }
        }
        ResNetState.load(trained.network(), state);
        ModelFolder.save(model, trained);
    }

    @Test
    void theToleranceIsReachedWithTheLayersThatNeedFloat32() throws IOException {
        coarsen("layer2.0");
        Cli without = quantize("--json");
        assertEquals(0, without.code(), without.err());
        double exact = top1(without, "float");
        assertTrue(top1(without, "int8") < exact, without.out());
        assertEquals(List.of(), without.json().get("kept"));

        Path other = folder.resolve("within");
        Cli within = Cli.run("quantize", model, other, "--data", data, "--threads", 1, "--tolerance", 0);
        assertEquals(0, within.code(), within.err());
        assertTrue(within.err().startsWith("all layers in int8: top-1 "), within.err());
        assertTrue(within.err().contains("\nlayer2.0.conv2 in float32: top-1 "), within.err());
        assertTrue(within.out().startsWith("9 of 10 layers quantized, "), within.out());
        assertTrue(
                within.out()
                        .contains("\nin float32, with the error of the logits if only this layer is in int8:\n"
                                + "  layer2.0.conv2  "),
                within.out());
        String plan = Cli.run("info", other, "--plan").out();
        assertTrue(plan.lines().noneMatch(line -> line.startsWith("layer2.0.conv2 ") && line.contains(" int8 ")), plan);
    }

    private static double top1(Cli cli, String format) {
        return ((Number) ((Map<?, ?>) cli.json().get(format)).get("top1")).doubleValue();
    }

    @Test
    void aNetworkWithNumbersThatAreTooLargeNeedsLayersInFloat32() throws IOException {
        stretch("layer2.0", 1e6f);
        Cli cli = quantize();
        assertEquals(1, cli.code(), cli.out());
        assertTrue(cli.err().contains("its numbers are too large for 8 bits: layer2.0.conv2: channel 0: "), cli.err());
        assertFalse(Files.exists(output));
        assertEquals(0, quantize("--keep", "layer2.0.conv2").code());
    }

    @Test
    void aToleranceThatCannotBeReachedWritesNothing() throws IOException {
        stretch("layer2.0", 1e3f);
        Cli cli = quantize("--tolerance", 0, "--json");
        assertEquals(1, cli.code(), cli.err());
        String message = cli.error().get("message").toString();
        assertTrue(message.startsWith("--tolerance 0: the least loss is "), message);
        assertTrue(message.contains("nothing was written"), message);
        assertFalse(Files.exists(output));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(Set.of(data, model), files.collect(Collectors.toSet()));
        }
    }

    @Test
    void theErrorsAreThoseOfTheQuantizedNetwork() throws IOException {
        stretch("layer2.0", 1e3f);
        assertEquals(0, quantize().code());
        Path page = folder.resolve("errors.html");
        Cli errors = Cli.run("inspect", "errors", output, "--data", data, "--output", page, "--json");
        Cli evaluated = Cli.run("evaluate", output, "--data", data, "--json");
        assertEquals(evaluated.json().get("top1"), errors.json().get("top1"));
        Cli exact = Cli.run("evaluate", model, "--data", data, "--json");
        assertNotEquals(exact.json().get("top1"), errors.json().get("top1"));
        Path picture = data.resolve("val/light/0.png");
        Cli embedding = Cli.run("predict", output, picture, "--embedding", "--json");
        assertEquals(0, embedding.code(), embedding.err());
        Cli logits = Cli.run("predict", output, picture, "--embedding", "--logits", "--json");
        assertEquals(0, logits.code(), logits.err());
    }

    @Test
    void picturesThatCannotBeReadAreCountedAndNamed() throws IOException {
        Files.writeString(data.resolve("val/light/damaged.png"), "no picture");
        Cli cli = quantize("--json");
        assertEquals(0, cli.code(), cli.err());
        assertEquals(1, cli.json().get("skipped"));
        assertTrue(cli.err().contains("skipped val/light/damaged.png: "), cli.err());
    }

    @Test
    void aFolderThatCannotBeWrittenIsSaidFirst() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        Cli cli = Cli.run("quantize", model, file.resolve("deep/int8"), "--data", data);
        assertEquals(3, cli.code());
        assertTrue(
                cli.err().contains(file.resolve("deep/int8") + " cannot be created: " + file + " is a file"),
                cli.err());
        assertEquals(
                0,
                Cli.run("quantize", model, folder.resolve("a/b/int8"), "--data", data)
                        .code());
        assertTrue(Files.exists(folder.resolve("a/b/int8/config.json")));
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
        Cli all = quantize(
                "--keep",
                "conv1,layer1.0.conv1,layer1.0.conv2,layer2.0.conv1,layer2.0.conv2,layer2.0.downsample.0,"
                        + "layer3.0.conv1,layer3.0.conv2,layer3.0.downsample.0,fc");
        assertEquals(2, all.code());
        assertTrue(all.err().contains("--keep: all 10 layers of the network stay in float32"), all.err());
        for (String wrong : new String[] {"-1", "101", "NaN"}) {
            Cli tolerance = quantize("--tolerance", wrong);
            assertEquals(2, tolerance.code());
            assertTrue(tolerance.err().contains("--tolerance must be from 0 to 100, got " + wrong), tolerance.err());
        }
        assertEquals(2, quantize("--tolerance", "few").code());
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
