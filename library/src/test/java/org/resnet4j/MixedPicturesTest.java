package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.Fixtures;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.model.Model;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

/** Pictures of all formats in one folder, whole and cut in the middle, through the classifier. */
class MixedPicturesTest {
    private static final List<String> NAMES = List.of(
            "baseline-420.jpg",
            "baseline-444.jpg",
            "progressive.jpg",
            "progressive-gray.jpg",
            "restart-markers.jpg",
            "cmyk-adobe.jpg",
            "orientation-6.jpg",
            "rgb.png",
            "rgba-16.png",
            "palette-200.png",
            "lossy.webp",
            "lossy-odd.webp",
            "lossless.webp",
            "interlaced.gif",
            "lzw.tif",
            "rgb.bmp");

    @TempDir
    private Path folder;

    private Model model;
    private final List<Path> files = new ArrayList<>();

    @BeforeEach
    void writePictures() throws IOException {
        ResNet network = ResNet.create(ResNets.named("resnet20").withClasses(3).withImages(8, 3), 3);
        var transform = EvaluationTransform.ofCropPct(8, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        model = new Model(network, List.of("ant", "bee", "cow"), transform);
        for (String name : NAMES) {
            byte[] whole = Fixtures.file(name);
            files.add(Files.write(folder.resolve(name), whole));
            files.add(Files.write(folder.resolve("cut-" + name), Arrays.copyOf(whole, whole.length / 2)));
        }
    }

    /** Returns the bits of the logits of each file, or the reason why there are none. */
    private Map<Path, Object> predict(int threads, boolean scaled) throws IOException {
        ImageClassifier.Builder builder = ImageClassifier.builder().model(model).threads(threads);
        Map<Path, Object> results = new LinkedHashMap<>();
        try (ImageClassifier classifier = (scaled ? builder.scaledDecoding() : builder).build()) {
            classifier.predictFiles(
                    files,
                    outcome -> results.put(
                            outcome.file(),
                            switch (outcome) {
                                case FilePrediction.Answer answer ->
                                    bits(answer.prediction().logits());
                                case FilePrediction.Unreadable unreadable ->
                                    unreadable.problem().reason();
                            }));
        }
        return results;
    }

    private static List<Integer> bits(float[] logits) {
        List<Integer> bits = new ArrayList<>();
        for (float logit : logits) {
            bits.add(Float.floatToRawIntBits(logit));
        }
        return bits;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyNumberOfThreadsGivesTheSameBitsAndSkipsTheSameFiles(boolean scaled) throws IOException {
        Map<Path, Object> expected = predict(1, scaled);
        assertEquals(files, List.copyOf(expected.keySet()));
        for (int threads : List.of(2, 3, 5)) {
            Map<Path, Object> actual = predict(threads, scaled);
            assertEquals(files, List.copyOf(actual.keySet()), threads + " threads");
            assertEquals(expected, actual, threads + " threads");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCutPictureIsSkippedForTheReasonOfTheDecoder(boolean scaled) throws IOException {
        Map<Path, Object> results = predict(2, scaled);
        for (Path file : files) {
            if (String.valueOf(file.getFileName()).startsWith("cut-")) {
                assertEquals(reason(file, scaled), results.get(file), file.toString());
            } else {
                assertTrue(results.get(file) instanceof List<?>, file + ": " + results.get(file));
            }
        }
    }

    private String reason(Path file, boolean scaled) throws IOException {
        try {
            ImageDecoder.prepare(Files.readAllBytes(file), file.toString(), model.transform(), scaled);
        } catch (UnreadableImageException e) {
            return e.reason();
        }
        throw new AssertionError(file + " can be read");
    }
}
