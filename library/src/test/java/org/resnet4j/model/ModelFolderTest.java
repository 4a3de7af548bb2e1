package org.resnet4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
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
import org.resnet4j.resnet.Stem;
import org.resnet4j.resnet.StridePlacement;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;
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
        new SafetensorsFile(ResNetState.stateDict(ResNet.create(spec, 1))).write(file);
        var thrown = assertThrows(
                MalformedFileException.class,
                () -> ModelFolder.load(file, WeightOptions.defaults().withNetwork(ResNets.named("resnet20"))));
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
        var expected = ResNetState.stateDict(saved.network()).tensors();
        var actual = ResNetState.stateDict(loaded.network()).tensors();
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
        new SafetensorsFile(ResNetState.stateDict(network)).write(folder.resolve(ModelFolder.WEIGHTS));
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
        new SafetensorsFile(ResNetState.stateDict(
                        ResNet.create(ResNets.named("resnet20").withClasses(7), 1)))
                .write(file);

        Model model = ModelFolder.load(file, WeightOptions.defaults().withNetwork(ResNets.named("resnet20")));

        assertEquals(List.of("0", "1", "2", "3", "4", "5", "6"), model.labels());
        assertEquals(Normalization.IMAGENET, model.transform().normalization());
        assertTrue(model.transform().keepMatching());
    }

    @Test
    void weightsOfAnotherNetworkAreRefused() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        new SafetensorsFile(ResNetState.stateDict(ResNet.create(SPEC, 1))).write(file);

        var failure = assertThrows(
                MalformedFileException.class,
                () -> ModelFolder.load(file, WeightOptions.defaults().withNetwork(ResNets.named("resnet32"))));

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
                "{\"architecture\": \"x\", \"num_classes\": 2, \"resnet4j\": {\"stem\": \"huge\"}}",
                "{\"architecture\": \"resnet18\"} trailing",
                "{\"architecture\": \"resnet18\"}{}",
                "{\"architecture\": \"resnet18\", \"architecture\": \"resnet34\"}",
                "{\"architecture\": \"resnet18\", \"global_pool\": \"max\"}",
                "{\"architecture\": \"resnet50\", \"stride_placement\": \"first_1x1\"}",
                "{\"architecture\": \"resnet50\", \"pretrained_cfg\": {\"stride_placement\": \"first_1x1\"}}",
                "{\"architecture\": \"resnet50\", \"resnet4j\": {\"stride\": \"first_1x1\"}}",
                "{\"architecture\": \"resnet50\", \"resnet4j\": {\"group_width\": 4}}",
                "{\"architecture\": \"resnet18\", \"num_classes\": 1, \"label_names\": [null]}",
                "{\"architecture\": \"resnet18\", \"num_classes\": 1, \"label_names\": [[\"cat\"]]}",
                "{\"architecture\": \"resnet18\", \"model_args\": {\"output_stride\": 8}}"
            })
    void malformedDescriptionIsRefusedWithTheNameOfTheFile(String text) throws IOException {
        Files.writeString(folder.resolve(ModelFolder.CONFIG), text);

        var failure = assertThrows(MalformedFileException.class, () -> ModelFolder.load(folder));

        assertTrue(failure.file().endsWith(ModelFolder.CONFIG), failure.file());
        assertFalse(failure.reason().contains("Source"), failure.reason());
    }

    @Test
    void descriptionOfTransformersIsNamed() throws IOException {
        Files.writeString(
                folder.resolve(ModelFolder.CONFIG),
                "{\"architectures\": [\"ResNetForImageClassification\"], \"depths\": [3, 4, 6, 3]}");
        var failure = assertThrows(MalformedFileException.class, () -> ModelFolder.load(folder));
        assertTrue(failure.reason().contains("transformers"), failure.reason());
    }

    /** The last pooling is of more pixels than there are: a fault of the description, not of the program. */
    @Test
    void poolingThatLeavesNoPixelIsRefused() throws IOException {
        ModelFolder.save(folder, model(32, 28));
        Path config = folder.resolve(ModelFolder.CONFIG);
        String text = Files.readString(config);
        String pooled = text.replaceFirst("\"last_pool\" : 1", "\"last_pool\" : 99");
        assertFalse(pooled.equals(text), text);
        Files.writeString(config, pooled);
        for (Executable reading :
                List.<Executable>of(() -> ModelFolder.load(folder), () -> ModelFolder.describe(folder))) {
            var failure = assertThrows(MalformedFileException.class, reading);
            assertTrue(failure.reason().contains("cannot be created"), failure.reason());
        }
    }

    /** timm writes them for networks that it trains. */
    @Test
    void argumentsThatMatterInTrainingAloneArePassedOver() throws IOException {
        Files.writeString(
                folder.resolve(ModelFolder.CONFIG),
                "{\"architecture\": \"resnet18\", \"model_args\": {\"drop_rate\": 0.1, \"num_classes\": 1000}}");
        assertEquals("resnet18", ModelFolder.describe(folder).network().spec().name());
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

    /** The limits of the JSON reader, at which it knows no place. */
    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "1"})
    void descriptionBeyondTheLimitsOfJsonIsRefused(String repeated) throws IOException {
        String text = "{\"architecture\": " + repeated.repeat(5000);
        Files.writeString(folder.resolve(ModelFolder.CONFIG), text);

        var failure = assertThrows(MalformedFileException.class, () -> ModelFolder.load(folder));

        assertTrue(failure.reason().startsWith("not JSON: "), failure.reason());
    }

    /** The remedy that docs/weights.md gives. */
    @Test
    void ownKeysChangeTheNetworkOfTheCatalogue() throws IOException {
        Files.writeString(folder.resolve(ModelFolder.CONFIG), """
            {"architecture": "resnet50", "num_classes": 3, "resnet4j": {"stride_placement": "first_1x1"}}
            """);
        assertEquals(
                ResNets.named("resnet50").withClasses(3).withStridePlacement(StridePlacement.FIRST_1X1),
                ModelFolder.describe(folder).network().spec());
    }

    @Test
    void folderWhoseArchitectureIsNotItsTensorsIsRefusedWithTheNameOfTheirNetwork() throws IOException {
        ModelFolder.save(folder, model(32, 28));
        Path config = folder.resolve(ModelFolder.CONFIG);
        Files.writeString(config, "{\"architecture\": \"resnet32\", \"num_classes\": 2}");

        var failure = assertThrows(MalformedFileException.class, () -> ModelFolder.load(folder));

        assertTrue(failure.reason().contains("they are those of resnet20"), failure.reason());
        assertTrue(failure.offset().isEmpty(), "content has no offset");
    }

    @Test
    void networkOfAFileIsIdentifiedAndWhatIsAssumedIsSaid() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        ResNetSpec spec = ResNets.named("resnet20").withClasses(7).withShortcuts(ShortcutOption.B);
        new SafetensorsFile(ResNetState.stateDict(ResNet.create(spec, 1))).write(file);
        var remarks = new ArrayList<String>();

        Model model = ModelFolder.load(file, WeightOptions.defaults().withRemarks(remarks::add));

        assertEquals(spec, model.network().spec());
        assertEquals(1, remarks.size());
        assertTrue(remarks.getFirst().contains("is read as resnet20 with shortcuts of option B"), remarks.toString());
        assertTrue(remarks.getFirst().contains("mean [0.485"), remarks.toString());
    }

    @Test
    void theNetworkWithoutAPrefixIsOneOfSeveral() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        StateDict both = ResNetState.stateDict(ResNet.create(ResNets.named("resnet20"), 1));
        ResNetState.stateDict(ResNet.create(ResNets.named("resnet20"), 2))
                .tensors()
                .forEach((path, tensor) -> both.put("ema." + path, tensor));
        new SafetensorsFile(both).write(file);
        var several = assertThrows(AmbiguousWeightsException.class, () -> ModelFolder.load(file));
        assertEquals(List.of("ema"), several.keys());
    }

    /** The catalog has a ResNet-18 with a deep stem only with averaging shortcuts. */
    @Test
    void theNearestNetworkIsNamedAndCanBeDescribed() throws IOException {
        Path file = folder.resolve("model.safetensors");
        ResNetSpec deep = ResNets.named("resnet18").toBuilder()
                .stem(Stem.DEEP)
                .images(32, 3)
                .classes(10)
                .build();
        StateDict weights = ResNetState.stateDict(ResNet.create(deep, 1));
        new SafetensorsFile(weights).write(file);
        var unknown = assertThrows(MalformedFileException.class, () -> ModelFolder.load(file));
        assertTrue(
                unknown.getMessage()
                        .contains("the nearest is resnet18d: 12 missing (layer2.0.downsample.2.weight, "
                                + "layer2.0.downsample.2.bias, layer3.0.downsample.2.weight, …)"),
                unknown.getMessage());
        Files.writeString(folder.resolve("config.json"), """
            {"architecture": "resnet18", "num_classes": 10,
             "resnet4j": {"stem": "deep", "image_size": 32, "in_channels": 3}}
            """);
        Model model = ModelFolder.load(folder);
        assertEquals(deep, model.network().spec());
        assertArrayEquals(
                weights.get("conv1.0.weight").array(),
                ResNetState.stateDict(model.network()).get("conv1.0.weight").array());
    }

    @Test
    void weightsWithoutAClassifierAreSaidToBeOfUseInTraining() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        var backbone = new StateDict();
        ResNetState.stateDict(ResNet.create(ResNets.named("resnet20"), 1))
                .tensors()
                .forEach((name, tensor) -> {
                    if (!name.startsWith("fc.")) {
                        backbone.put(name, tensor);
                    }
                });
        new SafetensorsFile(backbone).write(file);
        var failure = assertThrows(MalformedFileException.class, () -> ModelFolder.load(file));
        assertTrue(failure.reason().contains("2 missing (fc.weight, fc.bias)"), failure.reason());
        assertTrue(failure.reason().contains("training can start from it"), failure.reason());
    }

    @Test
    void severalNetworksInAFileNeedAKey() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        var both = new StateDict();
        for (String name : List.of("student", "teacher")) {
            ResNetState.stateDict(ResNet.create(ResNets.named("resnet20"), name.length() + name.charAt(0)))
                    .tensors()
                    .forEach((path, tensor) -> both.put(name + "." + path, tensor));
        }
        new SafetensorsFile(both).write(file);
        for (WeightOptions options :
                List.of(WeightOptions.defaults(), WeightOptions.defaults().withNetwork(ResNets.named("resnet20")))) {
            var several = assertThrows(AmbiguousWeightsException.class, () -> ModelFolder.load(file, options));
            assertEquals(List.of("student", "teacher"), several.keys());
            Model model = ModelFolder.load(file, options.withKey("teacher"));
            assertArrayEquals(
                    both.get("teacher.fc.weight").array(),
                    ResNetState.stateDict(model.network()).get("fc.weight").array());
        }
        assertThrows(
                MalformedFileException.class,
                () -> ModelFolder.load(file, WeightOptions.defaults().withKey("other")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version https://git-lfs.github.com/spec/v1 oid sha256:00 size 1 | a Git LFS pointer",
                "<!DOCTYPE html><html> | a web page",
                "'  <html lang=\"en\">' | a web page",
                "<?xml version=\"1.0\"?><Error> | an XML document",
                "{\"error\": \"Invalid credentials\"} | JSON text",
                "'' | an empty file"
            })
    void whatADownloadLeftInPlaceOfWeightsIsNamed(String content, String named) throws IOException {
        ModelFolder.save(folder, model(32, 28));
        Path weights = folder.resolve(ModelFolder.WEIGHTS);
        Files.writeString(weights, content);
        for (Path path : List.of(folder, weights)) {
            var failure = assertThrows(MalformedFileException.class, () -> ModelFolder.load(path));
            assertTrue(failure.reason().contains(named), failure.reason());
            assertTrue(failure.offset().isEmpty(), "content has no offset");
        }
    }
}
