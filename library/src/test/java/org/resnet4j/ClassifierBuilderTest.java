package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.hub.HubException;
import org.resnet4j.hub.HubSettings;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.HeapTooSmallException;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.safetensors.SafetensorsFile;

class ClassifierBuilderTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path folder;

    private Path saved;
    private Model model;
    private Image image;

    @BeforeEach
    void saveModel() throws Exception {
        model = model(3, 16);
        saved = folder.resolve("model");
        ModelFolder.save(saved, model);
        var samples = new byte[20 * 16 * 3];
        new Random(4).nextBytes(samples);
        image = new Image(20, 16, 3, samples);
    }

    private static Model model(int classes, int size) {
        var spec = ResNets.named("resnet8").toBuilder()
                .widths(List.of(8, 8, 8))
                .stemWidth(8)
                .classes(classes)
                .build();
        var transform = EvaluationTransform.ofCropPct(size, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        return new Model(ResNet.create(spec, 8), List.of("ant", "bee", "cow").subList(0, classes), transform);
    }

    private Path weights() {
        return saved.resolve(ModelFolder.WEIGHTS);
    }

    private float[] logits(ImageClassifier.Builder builder) throws IOException {
        try (ImageClassifier classifier = builder.build()) {
            return classifier.logits(image);
        }
    }

    @Test
    void folderWeightFileAndModelInMemoryGiveTheSameScores() throws Exception {
        float[] expected;
        try (ImageClassifier classifier = ImageClassifier.load(saved)) {
            expected = classifier.logits(image);
        }
        assertArrayEquals(expected, logits(ImageClassifier.builder().model(saved)));
        assertArrayEquals(
                expected, logits(ImageClassifier.builder().model(saved).threads(2)));
        assertArrayEquals(expected, logits(ImageClassifier.builder().model(model)));
        float[] soon =
                logits(ImageClassifier.builder().threads(1).startQuickly().model(saved));
        assertArrayEquals(expected, soon, 1e-4f);
    }

    @Test
    void aBuilderMakesAnyNumberOfClassifiers() throws Exception {
        var builder = ImageClassifier.builder().model(saved).threads(1);
        try (ImageClassifier first = builder.build();
                ImageClassifier second = builder.build()) {
            assertArrayEquals(first.logits(image), second.logits(image));
        }
    }

    /** The cache of the hub as Python's huggingface_hub lays it out. */
    private HubSettings cached() throws IOException {
        Path repository = folder.resolve("cache/models--owner--pets");
        Path snapshot = Files.createDirectories(repository.resolve("snapshots/" + COMMIT));
        Files.writeString(Files.createDirectories(repository.resolve("refs")).resolve("main"), COMMIT);
        for (String file : List.of(ModelFolder.WEIGHTS, ModelFolder.CONFIG)) {
            Files.copy(saved.resolve(file), snapshot.resolve(file));
        }
        return HubSettings.of(Map.of(
                "HF_HUB_CACHE", folder.resolve("cache").toString(), "HF_HUB_OFFLINE", "1", "HOME", folder.toString()));
    }

    @Test
    void aModelOfTheHubIsTakenFromTheCache() throws Exception {
        HubSettings settings = cached();
        float[] expected = logits(ImageClassifier.builder().model(saved));
        assertArrayEquals(expected, logits(ImageClassifier.builder().hub("owner/pets", settings)));
        var missing = ImageClassifier.builder().hub("owner/other", settings);
        assertEquals(
                HubException.Reason.OFFLINE,
                assertThrows(HubException.class, missing::build).reason());
        var malformed = ImageClassifier.builder().hub("pets", settings);
        assertEquals(
                HubException.Reason.NAME,
                assertThrows(HubException.class, malformed::build).reason());
    }

    @Test
    void aNetworkAndAKeyAreForFilesOfWeights() throws Exception {
        ResNet network = ResNet.create(ResNets.named("resnet20"), 3);
        StateDict several = new StateDict();
        StateDict state = ResNetState.stateDict(network);
        state.tensors().forEach((name, tensor) -> {
            several.put("teacher." + name, tensor);
            several.put("student." + name, tensor);
        });
        Path file = folder.resolve("several.safetensors");
        new SafetensorsFile(several).write(file);
        var remarks = new ArrayList<String>();
        assertThrows(
                AmbiguousWeightsException.class,
                () -> ImageClassifier.builder().model(file).build());
        var builder = ImageClassifier.builder()
                .model(file)
                .network("resnet20")
                .weightsKey("student")
                .remarks(remarks::add);
        try (ImageClassifier classifier = builder.build()) {
            assertEquals("resnet20", classifier.spec().name());
        }
        assertTrue(remarks.getLast().contains("resnet20"), remarks.toString());
    }

    private static void assertState(String message, Executable call) {
        var refused = assertThrows(IllegalStateException.class, call);
        assertEquals(message, refused.getMessage());
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertState(
                "a classifier needs a model: set one with model(…) or hub(…)",
                () -> ImageClassifier.builder().threads(1).build());
        assertState(
                "a classifier has one model: a model in memory or owner/name",
                () -> ImageClassifier.builder().model(model).hub("owner/name"));
        assertState(
                "a classifier has one model: owner/name or " + saved,
                () -> ImageClassifier.builder().hub("owner/name").model(saved));
        String forFiles =
                "the network of a model in memory is known: network(…) and weightsKey(…) are for files of weights";
        assertState(
                forFiles,
                () -> ImageClassifier.builder().network("resnet20").model(model).build());
        assertState(
                forFiles,
                () -> ImageClassifier.builder().model(model).weightsKey("ema").build());
        var folderWithNetwork = assertThrows(
                IllegalArgumentException.class,
                () -> ImageClassifier.builder().model(saved).network("resnet20").build());
        assertTrue(folderWithNetwork.getMessage().startsWith(saved + " is a model folder"));
    }

    @Test
    void settingsWithoutMeaningAreRefusedAtOnce() {
        var threads = assertThrows(
                IllegalArgumentException.class, () -> ImageClassifier.builder().threads(0));
        assertEquals("threads must be at least 1, got 0", threads.getMessage());
        var network = assertThrows(
                IllegalArgumentException.class, () -> ImageClassifier.builder().network("resnet19"));
        assertTrue(network.getMessage().contains("resnet19")
                && network.getMessage().contains("resnet18"));
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("resnet4j-compute") || name.startsWith("resnet4j-decode"))
                .collect(Collectors.toSet());
    }

    /** Returns the files below the test's folder that this process has open. */
    private List<Path> openFiles() throws IOException {
        var open = new ArrayList<Path>();
        try (var links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path link : links) {
                try {
                    open.add(Files.readSymbolicLink(link));
                } catch (NoSuchFileException closedMeanwhile) {
                    assertTrue(closedMeanwhile.getMessage().contains("/fd/"));
                }
            }
        }
        return open.stream().filter(file -> file.startsWith(folder)).toList();
    }

    @Test
    void nothingIsLeftOpenWhereAModelIsRefused() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "open files are listed by Linux alone");
        Path single = folder.resolve("single");
        ModelFolder.save(single, model(1, 16));
        int tooLarge = (int) Math.sqrt(Runtime.getRuntime().maxMemory() / 12.0) + 100;
        assumeTrue(tooLarge < 16_000, "the test needs a heap of about 2 GB");
        Path large = folder.resolve("large");
        ModelFolder.save(large, model(3, tooLarge));
        Set<String> before = threads();

        assertThrows(MalformedFileException.class, () -> ImageClassifier.load(single));
        assertThrows(HeapTooSmallException.class, () -> ImageClassifier.load(large));
        assertThrows(
                MalformedFileException.class,
                () -> ImageClassifier.builder()
                        .model(weights())
                        .network("resnet32")
                        .startQuickly()
                        .build());
        assertThrows(NoSuchFileException.class, () -> ImageClassifier.load(folder.resolve("missing")));

        assertEquals(List.of(), openFiles());
        assertEquals(before, threads());
        try (ImageClassifier classifier = ImageClassifier.load(saved)) {
            assertEquals(List.of(weights()), openFiles());
            assertEquals(3, classifier.classify(image).size());
        }
        assertEquals(List.of(), openFiles());
    }
}
