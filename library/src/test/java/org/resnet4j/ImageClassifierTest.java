package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.compute.Compute;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Workspace;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.onnx.OnnxFile;
import org.resnet4j.onnx.OnnxOptions;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;

class ImageClassifierTest {
    @TempDir
    private Path folder;

    private Image image;

    @BeforeEach
    void saveModel() throws Exception {
        var samples = new byte[40 * 30 * 3];
        new Random(4).nextBytes(samples);
        image = new Image(40, 30, 3, samples);
        var network = ResNet.create(ResNets.named("resnet20").withClasses(3), 8);
        var transform = EvaluationTransform.ofCropPct(32, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        ModelFolder.save(folder.resolve("model"), new Model(network, List.of("ant", "bee", "cow"), transform));
    }

    private ImageClassifier classifier(int threads) throws IOException {
        return ImageClassifier.builder()
                .model(folder.resolve("model"))
                .threads(threads)
                .build();
    }

    @Test
    void answersAreRankedAndTheirProbabilitiesSumToOne() throws Exception {
        Path picture = Files.write(folder.resolve("picture.png"), PngEncoder.encode(image));
        try (var classifier = ImageClassifier.load(folder.resolve("model"))) {
            List<Classification> answer = classifier.classify(picture);
            float[] logits = classifier.logits(image);

            assertEquals(3, answer.size());
            assertEquals(
                    1, answer.stream().mapToDouble(Classification::probability).sum(), 1e-6);
            for (Classification c : answer) {
                assertEquals(List.of("ant", "bee", "cow").get(c.index()), c.label());
            }
            assertTrue(logits[answer.get(0).index()] >= logits[answer.get(1).index()]);
            assertTrue(logits[answer.get(1).index()] >= logits[answer.get(2).index()]);
        }
    }

    @Test
    void equalScoresComeInTheOrderOfTheClasses() throws Exception {
        try (var classifier = ImageClassifier.load(folder.resolve("model"))) {
            List<Classification> answer = classifier.ranked(new float[] {1, 1, 2});
            assertEquals(
                    List.of(2, 0, 1), answer.stream().map(Classification::index).toList());
        }
    }

    @Test
    void embeddingIsWhatTheClassifierSees() throws Exception {
        try (var classifier = ImageClassifier.load(folder.resolve("model"))) {
            float[] features = classifier.embed(image);
            float[] logits = classifier.logits(image);
            assertEquals(64, features.length);
            StateDict state = ResNetState.stateDict(
                    ModelFolder.load(folder.resolve("model")).network());
            float[] weight = state.get("fc.weight").array();
            float[] bias = state.get("fc.bias").array();
            for (int k = 0; k < 3; k++) {
                double sum = bias[k];
                for (int i = 0; i < features.length; i++) {
                    sum += weight[k * features.length + i] * features[i];
                }
                assertEquals(sum, logits[k], 1e-4);
            }
        }
    }

    @Test
    void manyThreadsGetTheAnswersOfOne() throws Exception {
        try (var classifier = ImageClassifier.load(folder.resolve("model"));
                var pool = Executors.newFixedThreadPool(4)) {
            float[] expected = classifier.logits(image);
            List<Callable<float[]>> calls = IntStream.range(0, 40)
                    .<Callable<float[]>>mapToObj(i -> () -> classifier.logits(image))
                    .toList();
            for (var answer : pool.invokeAll(calls)) {
                assertArrayEquals(expected, answer.get());
            }
        }
    }

    private Image other(int seed) {
        var samples = new byte[(30 + seed) * 25 * 3];
        new Random(seed).nextBytes(samples);
        return new Image(30 + seed, 25, 3, samples);
    }

    private static void assertNear(float[] expected, float[] actual, String what) {
        float scale = 0;
        for (float value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        assertArrayEquals(expected, actual, 1e-4f * scale, what);
    }

    @Test
    void manyImagesGetTheAnswersOfSingleOnesInTheirOrder() throws Exception {
        List<Image> images = IntStream.range(0, 35).mapToObj(this::other).toList();
        try (var classifier = classifier(2)) {
            List<Prediction> many = classifier.predict(images);
            List<List<Classification>> classes = classifier.classify(images);
            assertEquals(images.size(), many.size());
            for (int i = 0; i < images.size(); i++) {
                assertNear(classifier.logits(images.get(i)), many.get(i).logits(), "image " + i);
                assertNear(classifier.embed(images.get(i)), many.get(i).embedding(), "image " + i);
                assertEquals(many.get(i).classes(), classes.get(i));
            }
            assertEquals(List.of(), classifier.classify(List.of()));
        }
    }

    @Test
    void compiledNetworkAnswersAsTheTrainableOneInEvaluation() throws Exception {
        Model model = ModelFolder.load(folder.resolve("model"));
        Tensor input = Tensor.zeros(2, 32, 32, 3);
        model.transform().write(image, input.array(), 0);
        model.transform().write(other(1), input.array(), 32 * 32 * 3);
        try (var workers = new Workers(1);
                var loaded = classifier(1);
                var made = ImageClassifier.builder().model(model).threads(1).build()) {
            float[] expected = model.network()
                    .predict(input, new Workspace(new Compute(KernelLookup.best(), workers)))
                    .array();
            for (var classifier : List.of(loaded, made)) {
                assertNear(Arrays.copyOf(expected, 3), classifier.logits(image), "first");
                assertNear(Arrays.copyOfRange(expected, 3, 6), classifier.logits(other(1)), "second");
                assertNear(Arrays.copyOf(expected, 3), classifier.logits(input)[0], "first of two");
            }
        }
    }

    @Test
    void unreadableFilesAreReportedInTheirPlacesAndTheOthersAnswered() throws Exception {
        var files = new ArrayList<Path>();
        for (int i = 0; i < 40; i++) {
            Path file = folder.resolve(i + ".png");
            if (i % 7 == 3) {
                Files.writeString(file, "no picture");
            } else if (i % 7 != 5) {
                Files.write(file, PngEncoder.encode(other(i)));
            }
            files.add(file);
        }
        var seen = new ArrayList<Path>();
        try (var classifier = classifier(2)) {
            classifier.predictFiles(files, outcome -> {
                int i = seen.size();
                seen.add(outcome.file());
                switch (outcome) {
                    case FilePrediction.Answer answer -> {
                        assertTrue(i % 7 != 3 && i % 7 != 5, () -> "answer for " + answer.file());
                        assertNear(
                                classifier.logits(other(i)), answer.prediction().logits(), "file " + i);
                    }
                    case FilePrediction.Unreadable unreadable -> {
                        assertTrue(i % 7 == 3 || i % 7 == 5, () -> "no answer for " + unreadable.file());
                        assertEquals(
                                files.get(i).toString(), unreadable.problem().origin());
                    }
                }
            });
        }
        assertEquals(files, seen);
    }

    @Test
    void whatTheListenerThrowsComesOut() throws Exception {
        Path picture = Files.write(folder.resolve("picture.png"), PngEncoder.encode(image));
        try (var classifier = classifier(1)) {
            var thrown = assertThrows(
                    IllegalStateException.class,
                    () -> classifier.predictFiles(Collections.nCopies(40, picture), _ -> {
                        throw new IllegalStateException("enough");
                    }));
            assertEquals("enough", thrown.getMessage());
            assertEquals(3, classifier.classify(picture).size());
        }
    }

    @Test
    void modelThatIsReplacedWhileItIsUsedStaysAsItWasLoaded() throws Exception {
        Path model = folder.resolve("model");
        try (var classifier = classifier(1)) {
            float[] before = classifier.logits(image);
            Model loaded = ModelFolder.load(model);
            var another = new Model(ResNet.create(loaded.network().spec(), 9), loaded.labels(), loaded.transform());
            ModelFolder.save(model, another);
            assertNear(before, classifier.predict(List.of(image, image)).get(1).logits(), "after the replacement");
        }
    }

    @Test
    void fileThatIsWrittenToIsNotMixedWithWhatWasRead() throws Exception {
        Path weights = folder.resolve("model").resolve(ModelFolder.WEIGHTS);
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 5000] ^= 64;
        try (var used = classifier(1);
                var unused = classifier(1)) {
            float[] before = used.logits(image);
            Files.write(weights, bytes, StandardOpenOption.WRITE);
            Files.setLastModifiedTime(weights, FileTime.fromMillis(0));

            assertArrayEquals(before, used.predict(List.of(image, image)).get(1).logits(), "the plan that there is");
            var refused = assertThrows(UncheckedIOException.class, () -> unused.logits(image));
            assertTrue(refused.getMessage().contains(ModelFolder.WEIGHTS), refused.getMessage());
        }
    }

    @Test
    void weightFileIsLoadedByTheNameOfItsNetwork() throws Exception {
        Path weights = folder.resolve("model").resolve(ModelFolder.WEIGHTS);
        try (var classifier =
                ImageClassifier.builder().model(weights).network("resnet20").build()) {
            assertEquals(List.of("0", "1", "2"), classifier.labels());
            assertEquals(3, classifier.spec().classes());
            assertEquals(32, classifier.transform().inputSize());
        }
        assertThrows(
                MalformedFileException.class,
                () -> ImageClassifier.builder()
                        .model(weights)
                        .network("resnet32")
                        .build());
    }

    @Test
    void scoresOfALargeBatchComeInItsOrder() throws Exception {
        int count = 37;
        Tensor batch = Tensor.zeros(count, 32, 32, 3);
        try (var classifier = classifier(1)) {
            for (int i = 0; i < count; i++) {
                classifier.transform().write(other(i), batch.array(), i * 32 * 32 * 3);
            }
            float[][] scores = classifier.logits(batch);
            assertEquals(count, scores.length);
            for (int i = 0; i < count; i++) {
                assertNear(classifier.logits(other(i)), scores[i], "image " + i);
            }
        }
    }

    @Test
    void fileOfWeightsIsLoadedAsAFolderIs() throws Exception {
        Path weights = folder.resolve("model").resolve(ModelFolder.WEIGHTS);
        try (var classifier = ImageClassifier.load(weights)) {
            assertEquals("resnet20", classifier.spec().name());
        }
        Path onnx = folder.resolve("model.onnx");
        ResNet network = ModelFolder.load(weights).network();
        OnnxFile.write(onnx, network, OnnxOptions.of(network.spec()));
        try (var classifier = ImageClassifier.load(onnx)) {
            assertEquals("resnet20", classifier.spec().name());
        }
    }

    @Test
    void aWarmUpChangesNoScore() throws Exception {
        try (var cold = classifier(1);
                var warm = classifier(1)) {
            warm.warmUp(1);
            warm.warmUp(3);
            assertArrayEquals(cold.logits(image), warm.logits(image));
            assertThrows(IllegalArgumentException.class, () -> warm.warmUp(0));
        }
    }

    @Test
    void closedClassifierSaysSo() throws Exception {
        var classifier = classifier(1);
        Image image = other(1);
        classifier.close();
        classifier.close();
        for (Executable call : List.<Executable>of(
                () -> classifier.predictFiles(List.of(folder.resolve("x.png")), answer -> {}),
                () -> classifier.predict(image),
                () -> classifier.warmUp(1),
                () -> classifier.predict(List.of(image, image)),
                () -> classifier.logits(Tensor.zeros(1, 32, 32, 3)))) {
            var refused = assertThrows(IllegalStateException.class, call);
            assertEquals("the classifier is closed", refused.getMessage());
        }
    }
}
