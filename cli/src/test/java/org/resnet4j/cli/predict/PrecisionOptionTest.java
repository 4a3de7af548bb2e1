package org.resnet4j.cli.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;

/** The option {@code --precision} of the commands that predict. */
class PrecisionOptionTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path data;

    @BeforeEach
    void train() throws Exception {
        data = Cli.pictures(folder.resolve("data"), 4, 0);
        model = folder.resolve("model");
        run("train", "--data", data, "--model", "resnet8", "--epochs", 1, "--output", model, "--threads", 1);
    }

    private static String run(Object... line) {
        Cli cli = Cli.run(line);
        assertEquals(0, cli.code(), cli.err());
        return cli.out();
    }

    private String logits(String format, int threads) {
        return run("predict", model, data, "--recursive", "--logits", "--threads", threads, "--precision", format);
    }

    @Test
    void predictionsHaveOtherDigitsInBfloat16() {
        String halves = logits("bf16", 2);
        assertNotEquals(logits("float32", 2), halves);
        assertEquals(halves, logits("bf16", 1));
    }

    @Test
    void evaluationTakesTheOption() {
        String floats = run("evaluate", model, "--data", data, "--json");
        String halves = run("evaluate", model, "--data", data, "--json", "--precision", "bf16");
        assertNotEquals(loss(floats), loss(halves));
        assertEquals(Double.parseDouble(loss(floats)), Double.parseDouble(loss(halves)), 0.05);
    }

    private static String loss(String json) {
        return json.replaceFirst("(?s).*\"loss\" *: *([0-9.E-]+).*", "$1");
    }

    @Test
    void aQuantizedModelHasItsOwnFormat() {
        Path bytes = folder.resolve("int8");
        run("quantize", model, bytes, "--data", data, "--threads", 1);
        Cli cli = Cli.run("predict", bytes, data, "--recursive", "--precision", "bf16");
        assertEquals(3, cli.code());
        assertTrue(
                cli.err().contains(bytes.resolve("model.safetensors") + ": the weights are 8-bit integers"), cli.err());
    }

    @Test
    void anUnknownFormatIsRefused() {
        Cli cli = Cli.run("predict", model, data, "--precision", "fp8");
        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("--precision expects float32|bf16, but got 'fp8'"), cli.err());
    }
}
