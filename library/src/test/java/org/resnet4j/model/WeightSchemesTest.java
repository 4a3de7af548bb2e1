package org.resnet4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.ImageClassifier;
import org.resnet4j.Prediction;
import org.resnet4j.pytorch.Closeness;
import org.resnet4j.pytorch.PyTorchFixture;
import org.resnet4j.pytorch.UniformStream;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;

/** Weights by the names of other libraries, compared with PyTorch; the fixtures come from weight_scheme_fixtures.py. */
class WeightSchemesTest {
    private static final long IMAGE = 1_000_000;
    private static final double TOLERANCE = 2e-4;

    @TempDir
    private Path folder;

    private final List<String> remarks = new ArrayList<>();

    private static List<PyTorchFixture> fixtures(boolean classifies) {
        return PyTorchFixture.read("schemes").children("schemes").stream()
                .filter(fixture -> fixture.numbers("logits").length > 0 == classifies)
                .toList();
    }

    private static PyTorchFixture fixture(String name) {
        return PyTorchFixture.read("schemes").children("schemes").stream()
                .filter(fixture -> fixture.text("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private WeightOptions options() {
        return WeightOptions.defaults().withRemarks(remarks::add);
    }

    private Path file(PyTorchFixture fixture) throws IOException {
        var state = new StateDict();
        List<String> tensors = fixture.texts("tensors");
        for (int i = 0; i < tensors.size(); i++) {
            String[] parts = tensors.get(i).split(" ");
            int[] extents = IntStream.range(1, parts.length)
                    .map(k -> Integer.parseInt(parts[k]))
                    .toArray();
            Shape shape = Shape.of(extents);
            state.put(parts[0], Tensor.wrap(values(parts[0], i, shape), shape));
        }
        Path file = folder.resolve(fixture.text("name").replace(' ', '-') + ".pth");
        WeightFiles.write(file, state);
        return file;
    }

    private static float[] values(String name, int stream, Shape shape) {
        double inputs = shape.rank() == 0 ? 1 : (double) shape.size() / shape.extent(0);
        if (name.endsWith("running_var")) {
            return UniformStream.floats(stream, shape.size(), 0.3, 1);
        } else if (shape.rank() > 1) {
            return UniformStream.floats(stream, shape.size(), Math.sqrt((shape.rank() == 4 ? 6 : 3) / inputs), 0);
        }
        boolean scale = name.endsWith("weight");
        return UniformStream.floats(stream, shape.size(), scale ? 0.2 : 0.1, scale ? 1 : 0);
    }

    /** Returns the image, {@code [1, size, size, 3]}, from values channel by channel. */
    static Tensor image(int size) {
        Tensor image = Tensor.zeros(1, size, size, 3);
        for (int channel = 0; channel < 3; channel++) {
            for (int pixel = 0; pixel < size * size; pixel++) {
                image.array()[pixel * 3 + channel] =
                        (float) UniformStream.at(IMAGE, (long) channel * size * size + pixel);
            }
        }
        return image;
    }

    static Prediction predict(Model model, int size) throws IOException {
        try (ImageClassifier classifier =
                ImageClassifier.builder().model(model).threads(1).build()) {
            return classifier.predict(image(size)).getFirst();
        }
    }

    private static void assertFeatures(PyTorchFixture fixture, float[] embedding) {
        Closeness.assertSummary("features", fixture.child("features"), embedding.length, embedding, TOLERANCE);
    }

    @TestFactory
    Stream<DynamicTest> networksAreIdentifiedByAnySchemeAndComputeWhatPyTorchComputes() {
        return fixtures(true).stream()
                .map(fixture -> DynamicTest.dynamicTest(fixture.text("name"), () -> {
                    Model model = ModelFolder.load(file(fixture), options());
                    assertEquals(
                            fixture.text("network"),
                            ResNets.description(model.network().spec()));
                    Prediction prediction = predict(model, fixture.integer("size"));
                    Closeness.assertClose("logits", fixture.numbers("logits"), prediction.logits(), TOLERANCE);
                    assertFeatures(fixture, prediction.embedding());
                }));
    }

    @TestFactory
    Stream<DynamicTest> encodersGiveTheEmbeddingThatPyTorchComputes() {
        return fixtures(false).stream()
                .map(fixture -> DynamicTest.dynamicTest(fixture.text("name"), () -> {
                    Path file = file(fixture);
                    Model model = ModelFolder.load(file, options().withEncoder());
                    assertEquals(fixture.text("network"), model.network().spec().name());
                    assertFalse(model.hasClassifier());
                    assertFeatures(
                            fixture, predict(model, fixture.integer("size")).embedding());
                    assertTrue(
                            remarks.contains(file + ": no classifier, so that only the embedding can be used"),
                            remarks::toString);
                }));
    }

    @TestFactory
    Stream<DynamicTest> encodersAreRefusedForPredictionAndSaidToBeEnoughForTraining() {
        return fixtures(false).stream()
                .map(fixture -> DynamicTest.dynamicTest(fixture.text("name"), () -> {
                    Path file = file(fixture);
                    var refused = assertThrows(MalformedFileException.class, () -> ModelFolder.load(file));
                    boolean alone = fixture.text("name").equals("encoder alone");
                    assertTrue(
                            refused.reason()
                                    .contains(
                                            alone
                                                    ? "; only the classifier is missing, so training can start from it"
                                                    : "; only the classifier does not fit, which must be one linear"
                                                            + " layer, so training can start from it"),
                            refused.reason());
                    ResNet network = ResNet.create(ResNets.named("resnet18").withClasses(3), 1);
                    StartingWeights start = StartingWeights.read("theirs", file, options());
                    assertEquals("resnet18", start.spec().name());
                    assertFalse(start.applyTo(network));
                    float[] first =
                            ResNetState.stateDict(network).get("conv1.weight").array();
                    assertEquals(values("conv1.weight", 0, Shape.of(64, 3, 7, 7))[5], first[5]);
                }));
    }

    @Test
    void assumptionsAboutTheClassifierAreSaid() throws IOException {
        Path other = file(fixture("classifier of another name"));
        ModelFolder.load(other, options());
        assertTrue(
                remarks.contains(other + ": scores.weight is taken as the classifier, because nothing else reads the"
                        + " features"),
                remarks::toString);
        Path zeros = file(fixture("classifier without bias"));
        ModelFolder.load(zeros, options());
        assertTrue(remarks.contains(zeros + ": the classifier has no bias; zeros are used"), remarks::toString);
    }

    /** A bias that a network had before is not left in place. */
    @Test
    void classifierWithoutBiasSetsItToZero() throws IOException {
        Path file = file(fixture("classifier without bias"));
        ResNet network = ResNet.create(ResNets.named("resnet18").withClasses(7), 1);
        Arrays.fill(network.classifier().bias().value().array(), 3);
        assertTrue(StartingWeights.read("theirs", file, options()).applyTo(network));
        assertEquals(0, network.classifier().bias().value().array()[2]);
    }

    @Test
    void namedNetworkThatDiffersFromTheFilesIsRefusedWithTheFiles() throws IOException {
        Path file = file(fixture("kuangliu"));
        WeightOptions given = options().withNetwork(ResNets.named("resnet18"));
        var refused = assertThrows(MalformedFileException.class, () -> ModelFolder.load(file, given));
        assertTrue(refused.reason().contains("they are those of resnet18-cifar"), refused.reason());
    }

    /** The fc layer of MoCo's first version has 128 outputs, which are an embedding. */
    @Test
    void headOfAContrastiveEncoderIsSaidToGiveNoClasses() throws IOException {
        StateDict state = WeightFiles.read(file(fixture("torchvision")));
        for (String prefix : List.of("module.encoder_q.", "base_encoder.")) {
            var renamed = new StateDict();
            state.tensors().forEach((name, tensor) -> renamed.put(prefix + name, tensor));
            Path file = folder.resolve("moco.pth");
            WeightFiles.write(file, renamed);
            for (WeightOptions options :
                    List.of(options(), options().withKey(prefix.substring(0, prefix.length() - 1)))) {
                remarks.clear();
                ModelFolder.load(file, options);
                assertTrue(
                        remarks.toString().contains("fc.weight is the head of a contrastive encoder"),
                        remarks::toString);
            }
        }
        remarks.clear();
        ModelFolder.load(file(fixture("torchvision")), options());
        assertFalse(remarks.toString().contains("encoder"), remarks::toString);
    }

    private Path renamed(String name, UnaryOperator<String> names, Map<String, Shape> more) throws IOException {
        var renamed = new StateDict();
        WeightFiles.read(file(fixture("torchvision"))).tensors().forEach((own, tensor) -> {
            renamed.put(names.apply(own), tensor);
        });
        more.forEach((own, shape) -> renamed.put(own, Tensor.zeros(shape)));
        Path file = folder.resolve(name);
        WeightFiles.write(file, renamed);
        return file;
    }

    /** Returns the name in {@code nn.Sequential(*list(net.children())[:-1], nn.Flatten(), nn.Linear(…))}. */
    private static String inSequence(String name) {
        Matcher stage = Pattern.compile("layer(\\d)(.*)").matcher(name);
        return stage.matches()
                ? Integer.parseInt(stage.group(1)) + 3 + stage.group(2)
                : name.replaceFirst("^conv1", "0").replaceFirst("^bn1", "1").replaceFirst("^fc", "10");
    }

    @Test
    void linearLayerAtTheEndOfASequenceIsTheClassifier() throws IOException {
        Model own = ModelFolder.load(file(fixture("torchvision")), options());
        Path file = renamed("sequence.pth", WeightSchemesTest::inSequence, Map.of());
        Model model = ModelFolder.load(file, options());
        assertArrayEquals(
                own.network().classifier().weight().value().array(),
                model.network().classifier().weight().value().array());
        assertTrue(
                remarks.contains(
                        file + ": 10.weight is taken as the classifier, because nothing else reads the" + " features"),
                remarks::toString);
    }

    @Test
    void severalLinearLayersAtTheEndOfASequenceAreRefused() throws IOException {
        Path file = renamed("two.pth", WeightSchemesTest::inSequence, Map.of("12.weight", Shape.of(2, 7)));
        var refused = assertThrows(MalformedFileException.class, () -> ModelFolder.load(file, options()));
        assertTrue(refused.reason().contains("which must be one linear layer"), refused.reason());
    }

    /** A normalization within the module, or the state of metrics that Lightning stores. */
    @Test
    void tensorsBesideANetworkAreRefusedWithTheKeyThatSelectsIt() throws IOException {
        Path file = renamed("wrapped.pth", name -> "model." + name, Map.of("normalize.mean", Shape.of(1, 3, 1, 1)));
        var refused = assertThrows(MalformedFileException.class, () -> ModelFolder.load(file, options()));
        assertTrue(
                refused.reason()
                        .contains("1 not used (normalize.mean); those below 'model' are the weights of"
                                + " resnet18; that key selects them (--weights-key)"),
                refused.reason());
        assertEquals(
                "resnet18",
                ModelFolder.load(file, options().withKey("model"))
                        .network()
                        .spec()
                        .name());
    }
}
