package org.resnet4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.json.JsonFile;
import org.resnet4j.pytorch.Closeness;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.StridePlacement;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;

/**
 * Model folders of Hugging Face transformers; the fixture comes from weight_scheme_fixtures.py, which also checks that
 * the library reads what is written.
 */
class TransformersTest {
    private static final int SIZE = 64;

    @TempDir
    private Path folder;

    @BeforeEach
    void copyFixture() throws IOException {
        for (String name : List.of("config.json", "model.safetensors", "preprocessor_config.json", "scores.json")) {
            try (InputStream in = TransformersTest.class.getResourceAsStream("/weights/transformers/" + name)) {
                Files.write(
                        folder.resolve(name), Objects.requireNonNull(in, name).readAllBytes());
            }
        }
    }

    @Test
    void folderOfTransformersIsReadWithItsLabelsAndPreprocessing() throws IOException {
        Model model = ModelFolder.load(folder);
        ResNetSpec spec = model.network().spec();
        assertEquals(List.of("cat", "dog", "égret"), model.labels());
        assertEquals(
                EvaluationTransform.ofCropPct(
                        SIZE,
                        0.8,
                        Interpolation.BILINEAR,
                        new Normalization(new float[] {0.5f, 0.4f, 0.3f}, new float[] {0.2f, 0.25f, 0.5f})),
                model.transform());
        assertEquals(BlockKind.BOTTLENECK, spec.block().kind());
        assertEquals(StridePlacement.FIRST_1X1, spec.block().stridePlacement());
        assertEquals(List.of(4, 8), spec.stages().widths());
        Map<String, Object> scores = JsonFile.read(folder.resolve("scores.json"), 1 << 20);
        double[] expected = ((List<?>) Objects.requireNonNull(scores.get("scores")))
                .stream().mapToDouble(score -> ((Number) score).doubleValue()).toArray();
        Closeness.assertClose(
                "scores", expected, WeightSchemesTest.predict(model, SIZE).logits(), 1e-4);
    }

    @Test
    void folderWrittenForTransformersHasItsNamesAndIsReadAgain() throws IOException {
        Model model = ModelFolder.load(folder);
        Path written = folder.resolve("written");
        ModelFolder.saveForTransformers(written, model);
        StateDict theirs = WeightFiles.read(folder.resolve(ModelFolder.WEIGHTS));
        StateDict ours = WeightFiles.read(written.resolve(ModelFolder.WEIGHTS));
        theirs.tensors().forEach((name, tensor) -> {
            if (!name.endsWith("num_batches_tracked")) {
                assertArrayEquals(
                        tensor.array(),
                        Objects.requireNonNull(ours.get(name), name).array(),
                        name);
            }
        });
        Map<String, Object> expected = JsonFile.read(folder.resolve(ModelFolder.CONFIG), 1 << 20);
        JsonFile.read(written.resolve(ModelFolder.CONFIG), 1 << 20).forEach((key, value) -> {
            if (!key.equals("torch_dtype")) {
                assertEquals(expected.get(key), value, key);
            }
        });
        Model again = ModelFolder.load(written);
        assertEquals(model.network().spec(), again.network().spec());
        assertEquals(model.transform(), again.transform());
        assertEquals(model.labels(), again.labels());
    }

    @Test
    void networksOfTheCatalogKeepTheirNameBothWays() throws IOException {
        for (String name : List.of("resnet18", "resnet50")) {
            Path written = folder.resolve(name);
            var transform = EvaluationTransform.ofCropPct(224, 0.875, Interpolation.BICUBIC, Normalization.IMAGENET);
            ResNetSpec spec = ResNets.named(name).withClasses(2);
            ModelFolder.saveForTransformers(written, new Model(ResNet.undrawn(spec), List.of("a", "b"), transform));
            assertEquals(spec, ModelFolder.describe(written).network().spec());
            Files.delete(written.resolve("preprocessor_config.json"));
            assertEquals(transform, ModelFolder.describe(written).transform(), "the usual preprocessing");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        resnet18d       | another stem than a 7x7 convolution
        seresnet18      | squeeze-and-excitation
        resnext50_32x4d | groups or wide bottlenecks
        resnet20        | another stem
        """)
    void networksThatTransformersDoesNotHaveAreRefused(String name, String reason) {
        ResNetSpec spec = ResNets.named(name).withClasses(2);
        var transform = EvaluationTransform.ofCropPct(32, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        var model = new Model(ResNet.undrawn(spec), List.of("a", "b"), transform);
        Path written = folder.resolve("refused");
        var thrown =
                assertThrows(IllegalArgumentException.class, () -> ModelFolder.saveForTransformers(written, model));
        assertTrue(thrown.getMessage().contains(reason), thrown.getMessage());
        assertFalse(Files.exists(written));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        config.json              | "model_type": "resnet"                | "model_type": "vit"                   | for vit; only its model type resnet
        config.json              | "hidden_act": "relu"                  | "hidden_act": "gelu"                  | hidden_act must be relu, got gelu
        config.json              | "downsample_in_first_stage": false    | "downsample_in_first_stage": true     | downsample_in_first_stage
        config.json              | "layer_type": "bottleneck"            | "layer_type": "x"                     | layer_type must be basic or bottleneck
        config.json              | "2": "\\u00e9gret"                    | "3": "\\u00e9gret"                    | 2 must be a text, got null
        config.json              | "embedding_size": 4                   | "embedding_size": 5                   | 7 with another shape
        preprocessor_config.json | "shortest_edge": 64                   | "height": 64, "width": 64             | size must have shortest_edge
        preprocessor_config.json | "shortest_edge": 64                   | "shortest_edge": 384                  | without keeping their proportions
        preprocessor_config.json | "resample": 2                         | "resample": 1                         | resample 1 is not supported
        """)
    void descriptionsThatAreNotSupportedAreRefused(String file, String from, String to, String reason)
            throws IOException {
        Path path = folder.resolve(file);
        String text = Files.readString(path);
        assertTrue(text.contains(from), from);
        Files.writeString(path, text.replace(from, to));
        var thrown = assertThrows(MalformedFileException.class, () -> ModelFolder.load(folder));
        assertTrue(thrown.getMessage().contains(reason), thrown.getMessage());
    }
}
