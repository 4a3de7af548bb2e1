package org.resnet4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.image.Normalization;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.StartingWeights;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.MalformedFileException;

/** Files as other tools leave them; the fixtures come from onnx_variant_fixtures.py. */
class OnnxVariantTest {
    private static final int SIDE = 33;
    private static final float SAMPLES = 255;

    @TempDir
    private Path folder;

    private Path fixture(String name) throws IOException {
        try (InputStream in = OnnxVariantTest.class.getResourceAsStream("/onnx/" + name + ".onnx")) {
            return Files.write(
                    folder.resolve(name + ".onnx"),
                    Objects.requireNonNull(in, name).readAllBytes());
        }
    }

    private OnnxSource open(String name) throws IOException {
        ResNetSpec spec = OnnxSourceTest.exported().get(name.split("-")[0]);
        return OnnxSource.open(fixture(name), Objects.requireNonNull(spec));
    }

    /** Returns the image that the fixtures were computed from, normalized if the graph normalizes it. */
    private static Tensor image(OnnxSource source) {
        Tensor image = Tensor.zeros(1, SIDE, SIDE, 1);
        boolean bytes = source.remarks().toString().contains("from 0 to 255");
        for (int i = 0; i < image.size(); i++) {
            float sample = i * 7919 % 256 / 128f - 1;
            image.array()[i] = source.normalization()
                    .map(own -> ((bytes ? sample / SAMPLES : sample) - own.mean()[0]) / own.std()[0])
                    .orElse(sample);
        }
        return image;
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/onnx/variants.csv", useHeadersInDisplayName = true)
    void filesOfOtherToolsComputeWhatOnnxRuntimeComputes(String name, String network, String outputs)
            throws IOException {
        float[] expected = new float[outputs.split(" ").length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = Float.parseFloat(outputs.split(" ")[i]);
        }
        try (OnnxSource source = open(name);
                var workers = new Workers(1)) {
            ResNet loaded = ResNet.undrawn(source.spec());
            boolean complete = ResNetState.load(loaded, source).isComplete();
            var compute = new Compute(KernelLookup.best(), workers);
            InferencePlan plan = InferencePlan.compile(loaded, new PlanOptions(compute, 1, SIDE, SIDE));
            Tensor features = Tensor.zeros(1, source.spec().features());
            Tensor logits = Tensor.zeros(1, source.spec().classes());
            plan.predict(image(source), features, logits);
            boolean classifies = !name.endsWith("features") && !name.endsWith("map");
            assertEquals(classifies, complete);
            float largest = 1;
            for (float value : expected) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertArrayEquals(
                    expected,
                    Arrays.copyOf((classifies ? logits : features).array(), expected.length),
                    2e-5f * largest);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gated-normalized, 0.45, 0.22, 1",
        "gated-normalized-255, 0.45, 0.22, 255",
        "gated-caffe, 0.43137255, 0.003921569, 255"
    })
    void normalizationInsideTheGraphIsReturnedAndSaid(String name, float mean, float deviation, int range)
            throws IOException {
        try (OnnxSource source = open(name)) {
            Normalization normalization = source.normalization().orElseThrow();
            assertArrayEquals(new float[] {mean}, normalization.mean(), 1e-6f);
            assertArrayEquals(new float[] {deviation}, normalization.std(), 1e-6f);
            assertEquals(
                    List.of("the graph normalizes images itself; its mean and standard deviation are used, for samples"
                            + " from 0 to " + range),
                    source.remarks());
        }
    }

    @Test
    void filesThatEndWithFeaturesHaveNoClassifier() throws IOException {
        for (String name : List.of("gated-features", "gated-map")) {
            try (OnnxSource source = open(name)) {
                assertFalse(source.shapes().containsKey("fc.weight"));
                assertTrue(source.normalization().isEmpty());
            }
        }
    }

    @Test
    void modelOfSuchAFileHasItsNormalizationAndNoClassifier() throws IOException {
        WeightOptions options =
                WeightOptions.defaults().withNetwork(OnnxSourceTest.exported().get("gated"));
        Model normalized = ModelFolder.load(fixture("gated-normalized-255"), options);
        assertArrayEquals(
                new float[] {0.45f}, normalized.transform().normalization().mean(), 1e-6f);
        Path features = fixture("gated-features");
        var refused = assertThrows(MalformedFileException.class, () -> ModelFolder.load(features, options));
        assertTrue(refused.reason().contains("only the classifier is missing"), refused.reason());
        assertFalse(ModelFolder.load(features, options.withEncoder()).hasClassifier());
    }

    @Test
    void trainingStartsWithTheNormalizationOfTheGraph() throws IOException {
        WeightOptions options =
                WeightOptions.defaults().withNetwork(OnnxSourceTest.exported().get("gated"));
        Model normalized =
                Objects.requireNonNull(StartingWeights.read("theirs", fixture("gated-normalized-255"), options)
                        .model());
        assertArrayEquals(
                new float[] {0.45f}, normalized.transform().normalization().mean(), 1e-6f);
        assertNull(StartingWeights.read("theirs", fixture("gated-features"), options)
                .model());
    }

    /** A change of a constant to a negative deviation, which no normalization has. */
    @Test
    void whatIsNoNormalizationIsRefused() throws IOException {
        Path file = fixture("gated-normalized");
        byte[] bytes = Files.readAllBytes(file);
        byte[] deviation = {(byte) 0xae, 0x47, 0x61, 0x3e}; // 0.22
        int place = new String(bytes, StandardCharsets.ISO_8859_1)
                .indexOf(new String(deviation, StandardCharsets.ISO_8859_1));
        assertTrue(place > 0);
        bytes[place + 3] |= (byte) 0x80;
        Files.write(file, bytes);
        ResNetSpec spec = Objects.requireNonNull(OnnxSourceTest.exported().get("gated"));
        var refused = assertThrows(MalformedFileException.class, () -> OnnxSource.open(file, spec));
        assertTrue(refused.reason().contains("which is not a normalization"), refused.reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.microsoft.FusedConv", "Cast"})
    void damagedOperatorsAreRefused(String operator) throws IOException {
        String own = operator.substring(operator.lastIndexOf('.') + 1);
        Path file = fixture(own.equals("Cast") ? "gated-float16" : "gated-ort-extended");
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        String other = "X".repeat(own.length());
        Files.write(file, text.replace(own, other).getBytes(StandardCharsets.ISO_8859_1));
        ResNetSpec spec = Objects.requireNonNull(OnnxSourceTest.exported().get("gated"));
        assertThrows(MalformedFileException.class, () -> OnnxSource.open(file, spec));
    }
}
