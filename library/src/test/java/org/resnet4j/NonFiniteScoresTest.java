package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.insight.GradCam;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;

class NonFiniteScoresTest {
    private static final Image GRAY = new Image(16, 16, 3, new byte[16 * 16 * 3]);

    @TempDir
    private Path folder;

    private static Model model(int classes) {
        ResNet network = ResNet.create(ResNets.named("resnet20").withClasses(classes), 8);
        List<String> labels = List.of("ant", "bee", "cow").subList(0, classes);
        return new Model(
                network, labels, EvaluationTransform.ofCropPct(16, 1, Interpolation.BILINEAR, Normalization.IMAGENET));
    }

    private static Model damaged(String tensor, float value) {
        Model model = model(3);
        StateDict state = ResNetState.stateDict(model.network());
        state.get(tensor).array()[1] = value;
        ResNetState.load(model.network(), state);
        return model;
    }

    private static ImageClassifier classifier(Model model) throws IOException {
        return ImageClassifier.builder().model(model).threads(2).build();
    }

    @ParameterizedTest
    @CsvSource({
        "conv1.weight, NaN",
        "bn1.running_var, NaN",
        "layer2.0.bn2.bias, Infinity",
        "layer3.1.conv1.weight, NaN",
        "fc.weight, NaN",
        "fc.bias, -Infinity",
    })
    void aModelWithWeightsThatAreNotFiniteGivesNoAnswer(String tensor, float value) throws Exception {
        Path picture = Files.write(folder.resolve("picture.png"), PngEncoder.encode(GRAY));
        try (var classifier = classifier(damaged(tensor, value))) {
            assertThrows(NonFiniteScoresException.class, () -> classifier.classify(GRAY));
            assertThrows(NonFiniteScoresException.class, () -> classifier.logits(GRAY));
            assertThrows(NonFiniteScoresException.class, () -> classifier.logits(Tensor.zeros(2, 16, 16, 3)));
            var thrown = assertThrows(NonFiniteScoresException.class, () -> classifier.classify(picture));
            assertTrue(thrown.getMessage().contains("resnet20"), thrown.getMessage());
            assertTrue(thrown.getMessage().contains(picture.toString()), thrown.getMessage());
        }
    }

    @Test
    void thePictureWithoutFiniteScoresIsNamedAmongMany() throws Exception {
        // The rows of the network's input are those of the pictures that can be read.
        Model model = damaged("fc.bias", Float.NaN);
        Path broken = Files.writeString(folder.resolve("broken.png"), "no picture");
        Path good = Files.write(folder.resolve("good.png"), PngEncoder.encode(GRAY));
        try (var classifier = classifier(model)) {
            var answers = new ArrayList<FilePrediction>();
            var thrown = assertThrows(
                    NonFiniteScoresException.class,
                    () -> classifier.predictFiles(List.of(broken, broken, good), answers::add));
            assertTrue(thrown.getMessage().contains(good.toString()), thrown.getMessage());
            thrown = assertThrows(
                    NonFiniteScoresException.class, () -> classifier.predict(Collections.nCopies(20, GRAY)));
            assertTrue(thrown.getMessage().contains("image 0"), thrown.getMessage());
        }
    }

    @Test
    void theRowOfAnImageIsThatOfTheWholeBatch() throws Exception {
        Model model = model(3);
        try (var classifier = classifier(model)) {
            Tensor images = Tensor.zeros(20, 16, 16, 3);
            images.array()[18 * 16 * 16 * 3] = Float.POSITIVE_INFINITY;
            var thrown = assertThrows(NonFiniteScoresException.class, () -> classifier.logits(images));
            assertEquals(18, thrown.row());
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY})
    void scoresThatAreNotFiniteAreNotRanked(float value) throws Exception {
        try (var classifier = classifier(model(3))) {
            assertThrows(NonFiniteScoresException.class, () -> classifier.ranked(new float[] {1, value, 2}));
        }
    }

    @Test
    void noHeatMapIsMadeOfScoresThatAreNotFinite() {
        try (var compute = Compute.best(1)) {
            ResNet network = damaged("layer1.0.conv1.weight", Float.NaN).network();
            assertThrows(
                    NonFiniteScoresException.class, () -> GradCam.of(network, Tensor.zeros(1, 16, 16, 3), compute));
        }
    }

    @Test
    void aNetworkWithOneOutputIsRefused() throws Exception {
        Model model = model(1);
        assertThrows(IllegalArgumentException.class, () -> classifier(model));
        ModelFolder.save(folder, model);
        var refused = assertThrows(MalformedFileException.class, () -> ImageClassifier.load(folder));
        assertTrue(refused.getMessage().contains("one output"), refused.getMessage());
        refused = assertThrows(
                MalformedFileException.class,
                () -> ImageClassifier.builder()
                        .model(folder.resolve(ModelFolder.WEIGHTS))
                        .startQuickly()
                        .build());
        assertTrue(refused.getMessage().contains("one output"), refused.getMessage());
    }
}
