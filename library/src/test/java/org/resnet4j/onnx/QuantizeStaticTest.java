package org.resnet4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.inference.int8.Quantized;
import org.resnet4j.inference.int8.QuantizedWeights;
import org.resnet4j.model.ModelFile;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.quantization.ModelPlans;
import org.resnet4j.tensor.Tensor;

/** Files of ONNX Runtime's quantize_static, with the scores that it computes. */
class QuantizeStaticTest {
    /** The distance of the numbers that a value of 8 bits could hold, for the range of the logits. */
    private static final int STEPS = 255;

    private static final double MOST_STEPS = 2;

    /** The bound where the last sum has no scale in the file, and gets one that is wide enough for every sum. */
    private static final double MOST_STEPS_OF_WIDE_SUMS = 4;

    private static final double MEAN_STEPS = 0.75;

    @TempDir
    private Path folder;

    private final List<String> remarks = new ArrayList<>();

    static Stream<StaticFiles.Case> files() {
        return StaticFiles.all();
    }

    private ModelFile open(StaticFiles.Case file) throws IOException {
        return open(Files.write(folder.resolve(file + ".onnx"), file.bytes()), file);
    }

    private ModelFile open(Path path, StaticFiles.Case file) throws IOException {
        return ModelFolder.open(
                path, WeightOptions.defaults().withNetwork(file.spec()).withRemarks(remarks::add));
    }

    private static InferencePlan plan(ModelFile file, Compute compute) {
        int side = file.spec().imageSize();
        return ModelPlans.compile(
                file, new PlanOptions(compute, StaticFiles.images().shape().extent(0), side, side));
    }

    private static float[] scores(ModelFile file) {
        try (Compute compute = Compute.best(1)) {
            Tensor scores = plan(file, compute).predict(StaticFiles.images());
            return scores.array();
        }
    }

    private float[] scores(String file) throws IOException {
        try (ModelFile open = open(StaticFiles.named(file))) {
            return scores(open);
        }
    }

    private static int label(float[] scores, int image, int classes) {
        int best = image * classes;
        for (int k = image * classes; k < (image + 1) * classes; k++) {
            best = scores[k] > scores[best] ? k : best;
        }
        return best;
    }

    @ParameterizedTest
    @MethodSource("files")
    void filesComputeWhatOnnxRuntimeComputes(StaticFiles.Case file) throws IOException {
        float[] theirs = file.logits();
        float[] ours;
        try (ModelFile open = open(file)) {
            ours = scores(open);
        }
        assertEquals(theirs.length, ours.length);
        float low = 0;
        float high = 0;
        for (float score : theirs) {
            low = Math.min(low, score);
            high = Math.max(high, score);
        }
        double bound = file.toString().endsWith("products") ? MOST_STEPS_OF_WIDE_SUMS : MOST_STEPS;
        double errors = 0;
        for (int i = 0; i < ours.length; i++) {
            double steps = Math.abs(ours[i] - theirs[i]) / (high - low) * STEPS;
            assertTrue(steps < bound, "logit " + i + " differs by " + steps + " steps");
            errors += steps;
        }
        assertTrue(errors / ours.length < MEAN_STEPS, errors / ours.length + " steps");
        int classes = file.spec().classes();
        for (int image = 0; image < ours.length / classes; image++) {
            assertEquals(label(theirs, image, classes), label(ours, image, classes), "image " + image);
        }
    }

    /** Layers in float32 are those that the file has in float32, or whose weights are no signed bytes. */
    @ParameterizedTest
    @MethodSource("files")
    void layersAreInBytesWhereTheyAreInTheFile(StaticFiles.Case file) throws IOException {
        var expected = new HashSet<>(file.kept());
        if (file.toString().endsWith("unsigned")) {
            expected.addAll(Set.of("layer1.0.conv1", "layer2.0.conv1", "layer2.0.downsample.0", "layer2.0.conv2"));
        }
        try (ModelFile open = open(file);
                Compute compute = Compute.best(1)) {
            assertEquals(
                    expected,
                    plan(open, compute).steps().stream()
                            .filter(step -> !step.algorithm().equals("int8"))
                            .map(PlanStep::name)
                            .collect(Collectors.toSet()));
        }
        boolean said = remarks.stream().anyMatch(remark -> remark.contains("weights less their zero point exceed"));
        assertEquals(file.toString().endsWith("unsigned"), said, remarks.toString());
    }

    /** The formats and the signs of values are forms of one quantization. */
    @ParameterizedTest
    @ValueSource(strings = {"channel", "tensor"})
    void allFormsOfAQuantizationHaveTheSameBits(String weights) throws IOException {
        float[] expected = scores("basic-QDQ-QUInt8-" + weights);
        for (String form : List.of("QDQ-QInt8-", "QOperator-QUInt8-", "QOperator-QInt8-")) {
            assertArrayEquals(expected, scores("basic-" + form + weights), form);
        }
    }

    @ParameterizedTest
    @CsvSource({"basic-QDQ-QUInt8-channel", "basic-QOperator-excluded", "bottleneck-QDQ-QInt8-tensor"})
    void foldersAndOwnFilesKeepTheQuantization(String name) throws IOException {
        StaticFiles.Case file = StaticFiles.named(name);
        Path quantized = folder.resolve("quantized");
        Path written = folder.resolve("written.onnx");
        float[] expected;
        try (ModelFile open = open(file)) {
            expected = scores(open);
            ModelFolder.save(quantized, open);
        }
        try (ModelFile open = ModelFolder.open(quantized, WeightOptions.defaults())) {
            assertArrayEquals(expected, scores(open));
            OnnxFile.write(written, open.network(), open.weights(), OnnxOptions.of(open.spec()));
            try (ModelFile again = open(written, file)) {
                assertArrayEquals(expected, scores(again));
                assertSame(quantization(open), quantization(again), file.kept());
            }
        }
    }

    private static Quantization quantization(ModelFile file) throws IOException {
        return assertInstanceOf(Quantized.class, file.weights()).quantization();
    }

    private static void assertSame(Quantization expected, Quantization actual, Set<String> kept) {
        assertEquals(expected.images(), actual.images());
        var values = new HashSet<>(expected.values().entrySet());
        values.removeIf(value -> kept.contains("fc") && value.getKey().equals("avgpool"));
        assertTrue(actual.values().entrySet().containsAll(values), values + " in " + actual.values());
        assertEquals(expected.weights().keySet(), actual.weights().keySet());
        expected.weights().forEach((layer, weights) -> {
            QuantizedWeights other = actual.weights().get(layer);
            assertArrayEquals(weights.w(), other.w(), layer);
            assertArrayEquals(weights.scales(), other.scales(), layer);
        });
    }

    @Test
    void signedWeightsStoredAsUnsignedOnesAreBytes() throws IOException {
        StaticFiles.Case file = StaticFiles.named("basic-QDQ-unsigned");
        try (ModelFile open = open(file)) {
            Set<String> layers = quantization(open).weights().keySet();
            assertEquals(Set.of("conv1", "layer1.0.conv2", "fc"), layers);
        }
    }
}
