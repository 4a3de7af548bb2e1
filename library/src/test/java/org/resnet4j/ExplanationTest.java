package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.inference.StreamNetworks;
import org.resnet4j.insight.GradCam;
import org.resnet4j.insight.GradCam.Method;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.quantization.Quantizer;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Tensor;

/** Tests that a classifier explains itself with the heat maps of the network, in every number format. */
class ExplanationTest {
    private static final int SIZE = 32;
    private static final int CLASSES = 10;
    private static final EvaluationTransform TRANSFORM =
            EvaluationTransform.ofCropPct(SIZE, 1, Interpolation.BILINEAR, Normalization.IMAGENET);

    @TempDir
    private Path folder;

    private static Model model(String name) {
        var spec = ResNets.named(name);
        return new Model(StreamNetworks.create(spec), ModelConfig.numbered(CLASSES), TRANSFORM);
    }

    /** Pictures of noise. */
    private record Noise(int size) implements Dataset {
        @Override
        public List<String> classes() {
            return ModelConfig.numbered(CLASSES);
        }

        @Override
        public int label(int sample) {
            return 0;
        }

        @Override
        public Image image(int sample) {
            var pixels = new byte[SIZE * SIZE * 3];
            new Random(sample).nextBytes(pixels);
            return new Image(SIZE, SIZE, 3, pixels);
        }

        @Override
        public String origin(int sample) {
            return "noise#" + sample;
        }
    }

    private static Tensor input(Image picture) {
        Tensor input = Tensor.zeros(1, SIZE, SIZE, 3);
        TRANSFORM.write(picture, input.array(), 0);
        return input;
    }

    /**
     * Differences between the heat maps of a classifier and those of its network. The values of a heat map are from 0 to
     * 1.
     */
    private record Differences(double largest, double mean) {}

    private static Differences differences(ImageClassifier classifier, Model model) {
        double largest = 0;
        double sum = 0;
        int count = 0;
        int drawn = 0;
        try (var compute = Compute.best(1)) {
            for (int sample = 0; sample < 3; sample++) {
                Image picture = new Noise(3).image(sample);
                GradCam expected = GradCam.of(model.network(), input(picture), compute);
                GradCam actual = classifier.explain(picture);
                for (int label = 0; label < CLASSES; label++) {
                    float[] one = expected.heatMap(label, Method.GRAD_CAM).values();
                    float[] other = actual.heatMap(label, Method.GRAD_CAM).values();
                    assertEquals(one.length, other.length);
                    drawn += actual.heatMap(label, Method.GRAD_CAM).isEmpty() ? 0 : 1;
                    for (int i = 0; i < one.length; i++) {
                        largest = Math.max(largest, Math.abs(one[i] - other[i]));
                        sum += Math.abs(one[i] - other[i]);
                        count++;
                    }
                }
            }
        }
        assertTrue(drawn > 10, drawn + " heat maps show something");
        return new Differences(largest, sum / count);
    }

    private Differences differences(String name, UnaryOperator<ImageClassifier.Builder> settings) throws IOException {
        Model model = model(name);
        ModelFolder.save(folder, model);
        var builder = ImageClassifier.builder().model(folder).threads(1);
        try (var classifier = settings.apply(builder).build()) {
            return differences(classifier, model);
        }
    }

    @ParameterizedTest
    @CsvSource({"resnet20", "preresnet110", "resnet9"})
    void heatMapsAreThoseOfTheNetwork(String name) throws IOException {
        assertEquals(0, differences(name, builder -> builder).largest(), 1e-3);
    }

    @Test
    void heatMapsInBFloat16AreClose() throws IOException {
        Differences differences = differences("resnet20", ImageClassifier.Builder::bfloat16);
        assertEquals(0, differences.mean(), 0.02, differences.toString());
    }

    @Test
    void aQuantizedNetworkExplainsItselfToo() throws Exception {
        Model model = model("resnet8");
        try (var compute = Compute.best(1)) {
            new Quantizer(model, compute)
                    .calibrate(new Noise(8), 8, LoaderOptions.of(4).withThreads(1), _ -> {})
                    .quantize(Set.of())
                    .save(folder);
        }
        try (var classifier = ImageClassifier.builder().model(folder).threads(1).build()) {
            Differences differences = differences(classifier, model);
            assertEquals(0, differences.mean(), 0.1, differences.toString());
        }
    }

    @Test
    void aModelInMemoryExplainsItself() throws IOException {
        Model model = model("resnet20");
        try (var classifier = ImageClassifier.builder().model(model).threads(1).build()) {
            assertEquals(0, differences(classifier, model).largest(), 1e-3);
        }
    }

    @Test
    void theScoresAreThoseOfThePredictionWhateverWasComputedBefore() throws IOException {
        Model model = model("resnet20");
        try (var classifier = ImageClassifier.builder().model(model).threads(1).build()) {
            Image picture = new Noise(1).image(0);
            float[] first = classifier.explain(input(picture)).scores().array();
            assertArrayEquals(classifier.logits(picture), first, 1e-4f);
            assertArrayEquals(
                    classifier.predict(input(picture)).getFirst().logits(),
                    classifier.explain(picture).scores().array(),
                    1e-4f);
        }
    }

    @Test
    void oneImageIsExplainedAtATimeByAnOpenClassifier() throws IOException {
        var classifier = ImageClassifier.builder().model(model("resnet20")).build();
        Tensor two = Tensor.zeros(2, SIZE, SIZE, 3);
        assertThrows(IllegalArgumentException.class, () -> classifier.explain(two));
        classifier.close();
        assertThrows(IllegalStateException.class, () -> classifier.explain(input(new Noise(1).image(0))));
    }
}
