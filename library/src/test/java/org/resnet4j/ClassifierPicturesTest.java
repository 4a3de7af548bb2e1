package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.model.Model;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;

/** The kinds of pictures that a classifier takes, and what it gives for them. */
class ClassifierPicturesTest {
    private static final int CLASSES = 7;

    @TempDir
    private Path folder;

    private ImageClassifier classifier;
    private Image image;
    private byte[] png;
    private Path file;
    private BufferedImage buffered;

    private static Model model() {
        ResNet network = ResNet.create(ResNets.named("resnet20").withClasses(CLASSES), 8);
        var transform = EvaluationTransform.ofCropPct(32, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        return new Model(network, List.of("a", "b", "c", "d", "e", "f", "g"), transform);
    }

    @BeforeEach
    void open() throws Exception {
        classifier = ImageClassifier.builder().model(model()).threads(2).build();
        var samples = new byte[40 * 35 * 3];
        new Random(4).nextBytes(samples);
        image = new Image(40, 35, 3, samples);
        png = PngEncoder.encode(image);
        file = Files.write(folder.resolve("picture.png"), png);
        buffered = new BufferedImage(40, 35, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 40 * 35; i++) {
            int rgb = (samples[3 * i] & 0xff) << 16 | (samples[3 * i + 1] & 0xff) << 8 | samples[3 * i + 2] & 0xff;
            buffered.setRGB(i % 40, i / 40, rgb);
        }
    }

    @AfterEach
    void close() {
        classifier.close();
    }

    private InputStream stream() {
        return new ByteArrayInputStream(png);
    }

    @Test
    void theSamePixelsGiveTheSameAnswerHoweverTheyCome() throws Exception {
        List<Classification> expected = classifier.classify(image);
        assertEquals(CLASSES, expected.size());
        assertEquals(expected, classifier.classify(file));
        assertEquals(expected, classifier.classify(stream()));
        assertEquals(expected, classifier.classify(png));
        assertEquals(expected, classifier.classify(buffered));
        assertEquals(expected, classifier.predict(image).classes());
        assertEquals(expected, classifier.ranked(classifier.logits(Image.of(buffered))));

        List<Classification> three = expected.subList(0, 3);
        assertEquals(three, classifier.classify(image, 3));
        assertEquals(three, classifier.classify(file, 3));
        assertEquals(three, classifier.classify(stream(), 3));
        assertEquals(three, classifier.classify(png, 3));
        assertEquals(three, classifier.classify(buffered, 3));
    }

    @Test
    void asManyClassesAreNamedAsThereAre() throws Exception {
        assertEquals(1, classifier.classify(image, 1).size());
        assertEquals(CLASSES, classifier.classify(image, CLASSES).size());
        assertEquals(CLASSES, classifier.classify(image, CLASSES + 1).size());
        assertEquals(CLASSES, classifier.classify(file, Integer.MAX_VALUE).size());
    }

    @Test
    void atLeastOneClassIsNamed() {
        Path missing = folder.resolve("missing.png");
        for (Executable call : List.<Executable>of(
                () -> classifier.classify(image, 0),
                () -> classifier.classify(missing, 0),
                () -> classifier.classify(stream(), 0),
                () -> classifier.classify(png, 0),
                () -> classifier.classify(buffered, 0))) {
            var refused = assertThrows(IllegalArgumentException.class, call);
            assertEquals("the number of classes to name must be at least 1, got 0", refused.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> classifier.classify(image, -1));
    }

    @Test
    void picturesThatCannotBeReadAreNamed() {
        byte[] text = "no picture".getBytes(StandardCharsets.US_ASCII);
        var bytes = assertThrows(UnreadableImageException.class, () -> classifier.classify(text));
        assertTrue(bytes.getMessage().startsWith("the picture: "), bytes.getMessage());
        var stream =
                assertThrows(UnreadableImageException.class, () -> classifier.classify(new ByteArrayInputStream(text)));
        assertEquals(bytes.getMessage(), stream.getMessage());
        Path missing = folder.resolve("missing.png");
        var path = assertThrows(UnreadableImageException.class, () -> classifier.classify(missing));
        assertEquals(missing + ": no such file", path.getMessage());
    }

    @Test
    void embeddingAndScoresAreThoseOfAPrediction() {
        Prediction prediction = classifier.predict(image);
        assertArrayEquals(prediction.embedding(), classifier.embed(image));
        assertArrayEquals(prediction.logits(), classifier.logits(image));
    }

    /** The linear layer is not computed for it. */
    @Test
    void anEmbeddingNeedsNoScores() throws Exception {
        Model damaged = model();
        float[] expected;
        try (ImageClassifier whole = ImageClassifier.builder().model(damaged).build()) {
            expected = whole.embed(image);
        }
        StateDict state = ResNetState.stateDict(damaged.network());
        state.get("fc.bias").array()[2] = Float.NaN;
        ResNetState.load(damaged.network(), state);
        try (ImageClassifier broken = ImageClassifier.builder().model(damaged).build()) {
            assertArrayEquals(expected, broken.embed(image));
            assertEquals(4, broken.featureMaps(image).size());
            assertThrows(NonFiniteScoresException.class, () -> broken.logits(image));
            var unnamed = assertThrows(NonFiniteScoresException.class, () -> broken.classify(png));
            assertTrue(unnamed.getMessage().contains("for the picture"), unnamed.getMessage());
            var named = assertThrows(NonFiniteScoresException.class, () -> broken.classify(file, 1));
            assertTrue(named.getMessage().contains(file.toString()), named.getMessage());
        }
    }

    @Test
    void featureMapsAreThoseOfTheTransformedImage() {
        List<FeatureMap> maps = classifier.featureMaps(image);
        assertEquals(
                List.of(
                        Shape.of(1, 32, 32, 16),
                        Shape.of(1, 32, 32, 16),
                        Shape.of(1, 16, 16, 32),
                        Shape.of(1, 8, 8, 64)),
                maps.stream().map(map -> map.values().shape()).toList());
        assertEquals(
                List.of("stem", "layer1", "layer2", "layer3"),
                maps.stream().map(FeatureMap::stage).toList());
        assertEquals(List.of(1, 1, 2, 4), maps.stream().map(FeatureMap::stride).toList());
        assertEquals(
                List.of(16, 16, 32, 64), maps.stream().map(FeatureMap::channels).toList());
        Tensor input = Tensor.zeros(1, 32, 32, 3);
        classifier.transform().write(image, input.array(), 0);
        assertArrayEquals(
                maps.getLast().values().array(),
                classifier.featureMaps(input).getLast().values().array());
        float[] embedding = classifier.embed(image);
        float[] last = maps.getLast().values().array();
        for (int c = 0; c < 64; c++) {
            double sum = 0;
            for (int pixel = 0; pixel < 64; pixel++) {
                sum += last[pixel * 64 + c];
            }
            assertEquals(embedding[c], sum / 64, 1e-5 * (1 + Math.abs(embedding[c])));
        }
    }

    @Test
    void featureMapsOfABatchOfAnySize() {
        List<FeatureMap> maps = classifier.featureMaps(Tensor.zeros(3, 45, 21, 3));
        assertEquals(Shape.of(3, 12, 6, 64), maps.getLast().values().shape());
        assertEquals(4, maps.getLast().stride());
    }

    @Test
    void aClosedClassifierReadsNoPicture() {
        classifier.close();
        var unread = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("the stream is read");
            }
        };
        for (Executable call : List.<Executable>of(
                () -> classifier.classify(folder.resolve("missing.png")),
                () -> classifier.classify(unread),
                () -> classifier.classify(png, 2),
                () -> classifier.classify(buffered),
                () -> classifier.classify(image, 2),
                () -> classifier.embed(image),
                () -> classifier.logits(image),
                () -> classifier.featureMaps(image),
                () -> classifier.featureMaps(Tensor.zeros(1, 32, 32, 3)))) {
            assertEquals(
                    "the classifier is closed",
                    assertThrows(IllegalStateException.class, call).getMessage());
        }
    }
}
