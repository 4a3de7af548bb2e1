package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.safetensors.SafetensorsFile;
import tools.jackson.jr.ob.JSON;

class ModelFolderTest {
    private static final ResNetSpec SPEC =
            ResNets.named("resnet20").withClasses(3).withImages(28, 1).withShortcuts(ShortcutOption.C);

    @TempDir
    private Path folder;

    private static Model model(int resize, int input) {
        var transform = new EvaluationTransform(
                resize,
                input,
                Interpolation.BICUBIC,
                new Normalization(new float[] {0.2860f}, new float[] {0.3530f}),
                true);
        return new Model(ResNet.create(SPEC, 7), List.of("bag", "boot, “high”", "coat"), transform);
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnext50_32x4d", "resnet18d", "seresnet18", "preresnet110", "wrn_40_4"})
    void everyKindOfNetworkIsDescribedWhole(String name) throws IOException {
        ResNetSpec spec = ResNets.named(name).withClasses(3);
        var transform = EvaluationTransform.ofCropPct(32, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        ModelFolder.save(folder, new Model(ResNet.create(spec, 1), List.of("a", "b", "c"), transform));
        assertEquals(spec, ModelFolder.load(folder).network().spec());
    }

    /** As timm makes them for images with a fourth channel. */
    @Test
    void weightsForWhatIsNoPictureAreRefused() throws IOException {
        Path file = folder.resolve("four.safetensors");
        ResNetSpec spec = ResNets.named("resnet20").withImages(32, 4);
        new SafetensorsFile(ResNet.create(spec, 1).stateDict()).write(file);
        var thrown = assertThrows(
                MalformedFileException.class, () -> ModelFolder.loadWeights(file, ResNets.named("resnet20")));
        assertTrue(thrown.getMessage().contains("images of 4 channels"), thrown.getMessage());
    }

    @Test
    void whatIsSavedIsLoaded() throws IOException {
        Model saved = model(32, 28);
        Path path = folder.resolve("new").resolve("model");
        ModelFolder.save(path, saved);
        Model loaded = ModelFolder.load(path);

        assertEquals(saved.network().spec(), loaded.network().spec());
        assertEquals(saved.labels(), loaded.labels());
        assertEquals(saved.transform(), loaded.transform());
        var expected = saved.network().stateDict().tensors();
        var actual = loaded.network().stateDict().tensors();
        assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.keySet()));
        expected.forEach((name, tensor) ->
                assertArrayEquals(tensor.array(), actual.get(name).array(), name));
    }

    @Test
    void savingAgainWritesTheSameBytes() throws IOException {
        ModelFolder.save(folder.resolve("a"), model(32, 28));
        ModelFolder.save(folder.resolve("b"), ModelFolder.load(folder.resolve("a")));
        for (String file : List.of(ModelFolder.WEIGHTS, ModelFolder.CONFIG)) {
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve("a").resolve(file)),
                    Files.readAllBytes(folder.resolve("b").resolve(file)));
        }
    }

    @ParameterizedTest
    @CsvSource({"32,32", "256,224", "232,224", "146,128", "255,224", "300,299", "37,32"})
    void timmGetsTheSameResizeSizeFromCropPct(int resize, int input) throws IOException {
        ModelFolder.save(folder, model(resize, input));
        var config = JSON.std.mapFrom(Files.readString(folder.resolve(ModelFolder.CONFIG)));
        var preparation = (Map<?, ?>) config.get("pretrained_cfg");

        double cropPct = ((Number) preparation.get("crop_pct")).doubleValue();
        assertEquals(resize, (int) Math.floor(input / cropPct));
        assertEquals(List.of(1, input, input), preparation.get("input_size"));
        assertEquals(List.of(0.286), preparation.get("mean"));
        assertEquals(3, config.get("num_classes"));
        assertEquals("resnet20", config.get("architecture"));
    }

    @Test
    void folderOfTimmIsLoadedByItsArchitecture() throws IOException {
        ResNet network = ResNet.create(ResNets.named("resnet18").withClasses(2), 1);
        new SafetensorsFile(network.stateDict()).write(folder.resolve(ModelFolder.WEIGHTS));
        Files.writeString(folder.resolve(ModelFolder.CONFIG), """
            {"architecture": "resnet18", "num_classes": 2, "label_names": ["cat", "dog"],
             "pretrained_cfg": {"input_size": [3, 160, 160], "interpolation": "bicubic", "crop_pct": 0.95,
              "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]}}
            """);

        Model model = ModelFolder.load(folder);

        assertEquals("resnet18", model.network().spec().name());
        assertEquals(List.of("cat", "dog"), model.labels());
        assertEquals(
                EvaluationTransform.ofCropPct(160, 0.95, Interpolation.BICUBIC, Normalization.uniform(3, 0.5f, 0.25f)),
                model.transform());
    }

    @Test
    void weightFileTakesItsClassesFromTheClassifier() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        new SafetensorsFile(ResNet.create(ResNets.named("resnet20").withClasses(7), 1)
                        .stateDict())
                .write(file);

        Model model = ModelFolder.loadWeights(file, ResNets.named("resnet20"));

        assertEquals(List.of("0", "1", "2", "3", "4", "5", "6"), model.labels());
        assertEquals(Normalization.IMAGENET, model.transform().normalization());
        assertTrue(model.transform().keepMatching());
    }

    @Test
    void weightsOfAnotherNetworkAreRefused() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        new SafetensorsFile(ResNet.create(SPEC, 1).stateDict()).write(file);

        var failure = assertThrows(
                MalformedFileException.class, () -> ModelFolder.loadWeights(file, ResNets.named("resnet32")));

        assertTrue(failure.reason().contains("not the weights of resnet32"), failure.reason());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"architecture\": \"vgg16\"}",
                "{\"architecture\": 5}",
                "{\"architecture\": \"resnet18\", \"num_classes\": -1}",
                "{\"architecture\": \"resnet18\", \"num_classes\": 3.5}",
                "{\"architecture\": \"resnet18\", \"num_classes\": 2, \"label_names\": [\"cat\"]}",
                "{\"architecture\": \"resnet18\", \"pretrained_cfg\": {\"input_size\": [3, 224]}}",
                "{\"architecture\": \"resnet18\", \"pretrained_cfg\": {\"crop_pct\": 0}}",
                "{\"architecture\": \"resnet18\", \"pretrained_cfg\": {\"mean\": [\"a\"], \"std\": [1]}}",
                "{\"architecture\": \"x\", \"num_classes\": 2, \"resnet4j\": {\"stem\": \"huge\"}}"
            })
    void malformedDescriptionIsRefusedWithTheNameOfTheFile(String text) throws IOException {
        Files.writeString(folder.resolve(ModelFolder.CONFIG), text);

        var failure = assertThrows(MalformedFileException.class, () -> ModelFolder.load(folder));

        assertTrue(failure.file().endsWith(ModelFolder.CONFIG), failure.file());
        assertFalse(failure.reason().contains("Source"), failure.reason());
    }

    @Test
    void truncatedWeightsAreRefused() throws IOException {
        ModelFolder.save(folder, model(32, 28));
        Path weights = folder.resolve(ModelFolder.WEIGHTS);
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(bytes, bytes.length - 4));

        var failure = assertThrows(MalformedFileException.class, () -> ModelFolder.load(folder));

        assertTrue(failure.file().endsWith(ModelFolder.WEIGHTS), failure.file());
    }

    @Test
    void emptyFolderIsNoModel() {
        assertFalse(ModelFolder.isModel(folder));
        assertThrows(NoSuchFileException.class, () -> ModelFolder.load(folder));
    }

    @Test
    void modelNeedsAsManyLabelsAsClasses() {
        var transform = model(32, 28).transform();
        ResNet network = ResNet.create(SPEC, 0);
        assertThrows(IllegalArgumentException.class, () -> new Model(network, List.of("one"), transform));
    }
}
