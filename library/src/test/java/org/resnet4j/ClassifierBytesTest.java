package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.MalformedFileException;

/** Models and pictures in memory, predicted on the caller's thread. */
class ClassifierBytesTest {
    private static final int SIZE = 24;
    private static final int LENGTH = SIZE * SIZE * 3;
    private static final int PICTURES = 5;

    @TempDir
    private Path folder;

    private byte[] description;
    private byte[] weights;
    private List<byte[]> pictures;

    @BeforeEach
    void saveModel() throws IOException {
        var network = ResNet.create(ResNets.named("resnet8").withClasses(3), 8);
        var transform = EvaluationTransform.ofCropPct(SIZE, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        ModelFolder.save(folder, new Model(network, List.of("ant", "bee", "cow"), transform));
        description = Files.readAllBytes(folder.resolve(ModelFolder.CONFIG));
        weights = Files.readAllBytes(folder.resolve(ModelFolder.WEIGHTS));
        pictures = new ArrayList<>();
        for (int i = 0; i < PICTURES; i++) {
            var samples = new byte[40 * 30 * 3];
            new Random(i).nextBytes(samples);
            pictures.add(PngEncoder.encode(new Image(40, 30, 3, samples)));
        }
    }

    private ImageClassifier inMemory() throws IOException {
        return ImageClassifier.builder().model(description, weights).threads(1).build();
    }

    private Tensor batch(EvaluationTransform transform, List<byte[]> files) throws UnreadableImageException {
        var input = new float[files.size() * LENGTH];
        for (int i = 0; i < files.size(); i++) {
            int offset = i * LENGTH;
            ImageDecoder.decode(files.get(i), "picture " + i, image -> transform.write(image, input, offset));
        }
        return Tensor.wrap(input, Shape.of(files.size(), SIZE, SIZE, 3));
    }

    @Test
    void aModelInMemoryGivesThePredictionsOfItsFolder() throws Exception {
        var images = new ArrayList<Image>();
        for (byte[] picture : pictures) {
            images.add(ImageDecoder.decode(picture));
        }
        List<Prediction> expected;
        try (var classifier = ImageClassifier.load(folder)) {
            expected = classifier.predict(images);
        }
        Files.delete(folder.resolve(ModelFolder.CONFIG));
        Files.delete(folder.resolve(ModelFolder.WEIGHTS));
        try (var classifier = inMemory()) {
            assertEquals(List.of("ant", "bee", "cow"), classifier.labels());
            assertSame(expected, classifier.predict(batch(classifier.transform(), pictures)));
        }
    }

    @Test
    void anImageHasTheSameBitsInEveryBatch() throws Exception {
        try (var classifier = inMemory()) {
            List<Prediction> whole = classifier.predict(batch(classifier.transform(), pictures));
            for (int i = 0; i < PICTURES; i++) {
                Tensor alone = batch(classifier.transform(), pictures.subList(i, i + 1));
                assertSame(whole.subList(i, i + 1), classifier.predict(alone));
            }
            assertEquals(List.of(), classifier.predict(batch(classifier.transform(), List.of())));
        }
    }

    private static void assertSame(List<Prediction> expected, List<Prediction> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).logits(), actual.get(i).logits());
            assertArrayEquals(expected.get(i).embedding(), actual.get(i).embedding());
            assertEquals(expected.get(i).classes(), actual.get(i).classes());
        }
    }

    @Test
    void oneThreadStartsNoOther() throws Exception {
        Set<String> before = threads();
        try (var classifier = inMemory();
                var callers = Executors.newFixedThreadPool(3)) {
            List<Prediction> expected = classifier.predict(batch(classifier.transform(), pictures));
            Callable<List<Prediction>> call = () -> classifier.predict(batch(classifier.transform(), pictures));
            for (var answer : callers.invokeAll(List.of(call, call, call, call, call, call))) {
                assertSame(expected, answer.get());
            }
            Set<String> started = threads();
            started.removeAll(before);
            assertEquals(Set.of(), started);
        }
    }

    /** Returns the names of the threads that this library started. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("resnet4j"))
                .collect(Collectors.toSet());
    }

    @Test
    void damagedModelsAreRejectedWithTheNameOfTheFile() throws IOException {
        byte[] noObject = "[]".getBytes(StandardCharsets.UTF_8);
        byte[] notUtf8 = {'{', (byte) 0xff, '}'};
        assertMessage("config.json: ", noObject, weights);
        assertMessage("config.json: not UTF-8", notUtf8, weights);
        assertMessage("config.json: a file of 67108865 bytes is over the limit", new byte[(64 << 20) + 1], weights);
        assertMessage(
                "model.safetensors: malformed at byte 0: ", description, "no weights".getBytes(StandardCharsets.UTF_8));
        assertMessage("model.safetensors: ", description, new byte[0]);
        assertMessage("truncated", description, Arrays.copyOf(weights, weights.length - 1));
        Path other = folder.resolve("other.json");
        var deeper = ResNet.create(ResNets.named("resnet20").withClasses(3), 8);
        var transform = EvaluationTransform.ofCropPct(SIZE, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        ModelFolder.saveDescription(other, new Model(deeper, List.of("ant", "bee", "cow"), transform));
        assertMessage("model.safetensors: these are not the weights of resnet20", Files.readAllBytes(other), weights);
    }

    private static void assertMessage(String expected, byte[] description, byte[] weights) {
        var failure = assertThrows(
                MalformedFileException.class,
                () -> ImageClassifier.builder().model(description, weights).build());
        assertTrue(String.valueOf(failure.getMessage()).contains(expected), failure.getMessage());
    }

    @Test
    void aDescriptionInMemoryDeterminesTheNetwork() {
        var options = WeightOptions.defaults().withNetwork(ResNets.named("resnet8"));
        var failure =
                assertThrows(IllegalArgumentException.class, () -> ModelFolder.open(description, weights, options));
        assertTrue(String.valueOf(failure.getMessage()).startsWith("a model folder in memory"), failure.getMessage());
    }
}
