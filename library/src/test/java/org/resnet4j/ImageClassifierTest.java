package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.PngEncoder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

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
            float[] weight =
                    classifier.model().network().stateDict().get("fc.weight").array();
            float[] bias =
                    classifier.model().network().stateDict().get("fc.bias").array();
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
}
