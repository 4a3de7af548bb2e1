package org.resnet4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.StridePlacement;
import org.resnet4j.resnet.state.ResNetState;

/** Tests of a file of weights whose folder has a config.json. */
class DescriptionBesideTest {
    private static final List<String> NAMES = List.of("ant", "bee", "cow");

    @TempDir
    private Path folder;

    private final List<String> remarks = new ArrayList<>();
    private final WeightOptions options = WeightOptions.defaults().withRemarks(remarks::add);
    private Model model;

    @BeforeEach
    void createModel() {
        ResNet network = ResNet.create(ResNets.named("resnet8").withClasses(3).withImages(24, 3), 3);
        var transform = EvaluationTransform.ofCropPct(24, 0.75, Interpolation.BICUBIC, Normalization.IMAGENET);
        model = new Model(network, NAMES, transform);
    }

    private void assertDescribed(Path file) throws IOException {
        Model loaded = ModelFolder.load(file, options);

        assertEquals(NAMES, loaded.labels());
        assertEquals(model.transform(), loaded.transform());
        assertTrue(
                remarks.toString().contains(file + " is read as " + folder.resolve("config.json")), remarks::toString);
        assertFalse(remarks.toString().contains("assumptions"), remarks::toString);
    }

    @Test
    void weightsOfAModelFolderAreReadAsTheFolder() throws IOException {
        ModelFolder.save(folder, model);

        assertDescribed(folder.resolve("model.safetensors"));
    }

    @Test
    void weightsInAFolderOfTransformersAreReadAsTheFolder() throws IOException {
        Model large = new Model(ResNet.create(ResNets.named("resnet18").withClasses(3), 3), NAMES, model.transform());
        ModelFolder.saveForTransformers(folder, large);

        Model loaded = ModelFolder.load(folder.resolve("model.safetensors"), options);
        assertEquals(ModelFolder.load(folder).labels(), loaded.labels());
        assertEquals(ModelFolder.load(folder).transform(), loaded.transform());
    }

    @Test
    void weightsOfAnyNameAreDescribedIfTheFolderHasNoOthers() throws IOException {
        Path file = folder.resolve("epoch_3.pth");
        WeightFiles.write(file, ResNetState.stateDict(model.network()));
        ModelFolder.saveDescription(folder.resolve("config.json"), model);

        assertDescribed(file);
    }

    @Test
    void descriptionOfOtherWeightsIsNotUsed() throws IOException {
        ModelFolder.save(folder, model);
        Path other = folder.resolve("other.safetensors");
        WeightFiles.write(other, ResNetState.stateDict(model.network()));

        assertEquals(List.of("0", "1", "2"), ModelFolder.load(other, options).labels());
        assertTrue(
                remarks.contains(folder.resolve("config.json") + " is not used: it describes model.safetensors"),
                remarks::toString);
    }

    @Test
    void descriptionOfAnotherNetworkIsNotUsed() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        WeightFiles.write(file, ResNetState.stateDict(ResNet.create(ResNets.named("resnet20"), 1)));
        ModelFolder.saveDescription(folder.resolve("config.json"), model);

        assertEquals(
                "resnet20", ModelFolder.load(file, options).network().spec().name());
        assertTrue(remarks.getFirst().contains("is not used: it describes resnet8"), remarks::toString);
    }

    @Test
    void descriptionOfSomethingElseIsNotUsed() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        WeightFiles.write(file, ResNetState.stateDict(model.network()));
        Files.writeString(folder.resolve("config.json"), "{\"port\": 8080}");

        assertEquals(List.of("0", "1", "2"), ModelFolder.load(file, options).labels());
        assertTrue(remarks.getFirst().contains("config.json is not used: "), remarks::toString);
    }

    @Test
    void namedNetworkAndGivenClassNamesTakePrecedence() throws IOException {
        ModelFolder.save(folder, model);
        Path file = folder.resolve("model.safetensors");

        Model named = ModelFolder.load(file, options.withNetwork(ResNets.named("resnet8")));
        assertEquals(List.of("0", "1", "2"), named.labels());
        List<String> own = List.of("x", "y", "z");
        assertEquals(own, ModelFolder.load(file, options.withLabels(own)).labels());
    }

    @Test
    void trainingStartsFromAFileAsItsDescriptionSays() throws IOException {
        ResNetSpec first = ResNets.named("resnet50").withClasses(3).withStridePlacement(StridePlacement.FIRST_1X1);
        var caffe = new Model(ResNet.create(first, 3), NAMES, model.transform());
        Path file = folder.resolve("epoch_3.pth");
        WeightFiles.write(file, ResNetState.stateDict(caffe.network()));
        ModelFolder.saveDescription(folder.resolve("config.json"), caffe);

        StartingWeights start = StartingWeights.read("theirs", file, options);

        assertEquals(StridePlacement.FIRST_1X1, start.spec().block().stridePlacement());
        assertEquals(model.transform(), Objects.requireNonNull(start.model()).transform());
        assertEquals(
                List.of(file + " is read as " + folder.resolve("config.json")
                        + " describes it, with its network and preprocessing"),
                remarks);
        assertTrue(start.applyTo(ResNet.create(first, 4)));
    }

    /** The number of classes of a description is often that of the original weights. */
    @Test
    void trainingKeepsAClassifierThatTheDescriptionDoesNotHave() throws IOException {
        Path file = folder.resolve("epoch_3.pth");
        WeightFiles.write(
                file,
                ResNetState.stateDict(ResNet.create(ResNets.named("resnet8").withClasses(2), 5)));
        ModelFolder.saveDescription(folder.resolve("config.json"), model);

        StartingWeights start = StartingWeights.read("theirs", file, options);

        assertEquals(model.transform(), Objects.requireNonNull(start.model()).transform());
        assertTrue(start.applyTo(ResNet.create(ResNets.named("resnet8").withClasses(2), 6)));
        assertFalse(start.applyTo(ResNet.create(ResNets.named("resnet8").withClasses(3), 6)));
    }

    @Test
    void trainingDoesNotUseTheDescriptionOfOtherWeights() throws IOException {
        ModelFolder.save(folder, model);
        Path other = folder.resolve("other.safetensors");
        WeightFiles.write(other, ResNetState.stateDict(ResNet.create(ResNets.named("resnet20"), 1)));

        StartingWeights start = StartingWeights.read("theirs", other, options);

        assertNull(start.model());
        assertEquals("resnet20", start.spec().name());
        assertEquals(
                List.of(
                        folder.resolve("config.json") + " is not used: it describes model.safetensors",
                        "theirs has the weights of resnet20"),
                remarks);
        Path own = folder.resolve("model.safetensors");
        assertNull(StartingWeights.read("theirs", own, options.withNetwork(ResNets.named("resnet8")))
                .model());
    }

    @Test
    void remarksInTheLogComeFromANamedMethod() throws IOException {
        ModelFolder.save(folder, model);
        var sources = new ArrayList<String>();
        var handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                sources.add(entry.getSourceClassName() + " " + entry.getSourceMethodName());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(WeightOptions.class.getName());
        logger.addHandler(handler);
        try {
            ModelFolder.load(folder.resolve("model.safetensors"));
        } finally {
            logger.removeHandler(handler);
        }
        assertEquals(
                List.of("org.resnet4j.model.WeightOptions logRemark"),
                sources.stream().distinct().toList());
    }
}
