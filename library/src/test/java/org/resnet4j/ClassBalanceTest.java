package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.model.StartingWeights;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.training.CheckpointMismatchException;
import org.resnet4j.training.TrainingRecipe;

class ClassBalanceTest {
    @TempDir
    private Path folder;

    /** Opens 12 training images of class a and 4 of class b, and 2 of each for validation. */
    private DatasetSplits images() throws IOException {
        Path data = folder.resolve("data");
        put(data.resolve("train/a"), 12, 0);
        put(data.resolve("train/b"), 4, 120);
        put(data.resolve("val/a"), 2, 20);
        put(data.resolve("val/b"), 2, 150);
        return Datasets.open(data.toString(), DatasetOptions.defaults(folder.resolve("cache")));
    }

    private static void put(Path classFolder, int count, int level) throws IOException {
        Files.createDirectories(classFolder);
        for (int i = 0; i < count; i++) {
            byte[] samples = new byte[8 * 8 * 3];
            Arrays.fill(samples, (byte) (level + 5 * i));
            Files.write(classFolder.resolve(i + ".png"), PngEncoder.encode(new Image(8, 8, 3, samples)));
        }
    }

    /** scikit-learn: compute_class_weight('balanced', …) of 12 and 4 samples is 16 / (2 · 12) and 16 / (2 · 4). */
    @Test
    void balancedWeightsAreThoseOfScikitLearn() throws IOException {
        try (DatasetSplits data = images()) {
            List<Float> weights = ClassBalance.weights(data.train());
            assertEquals(16 / 24f, weights.get(0), 1e-7f);
            assertEquals(2f, weights.get(1), 1e-7f);
        }
    }

    private static TrainingRun.Builder run(DatasetSplits data, int epochs) {
        return TrainingRun.on(data)
                .network(ResNets.named("resnet8"))
                .batchSize(8)
                .threads(1)
                .recipe(TrainingRecipe.sgd()
                        .withCurve(TrainingRecipe.Curve.CONSTANT)
                        .withEpochs(epochs));
    }

    private byte[] trained(TrainingRun.Builder builder, String name, boolean resumes) throws IOException {
        Path model = folder.resolve(name);
        try (TrainingRun run = builder.build()) {
            if (resumes) {
                run.resume(TrainingOutput.to(model));
            } else {
                run.train(model);
            }
        }
        return Files.readAllBytes(model.resolve("last/model.safetensors"));
    }

    @Test
    void balancedRunsResumeWithTheSameBitsAndOnlyAsTheyBegan() throws IOException {
        try (DatasetSplits data = images()) {
            byte[] plain = trained(run(data, 2), "plain", false);
            byte[] weighted = trained(run(data, 2).balanceLoss(true), "weighted", false);
            byte[] sampled = trained(run(data, 2).balanceSampling(true), "sampled", false);
            assertFalse(Arrays.equals(plain, weighted));
            assertFalse(Arrays.equals(plain, sampled));

            trained(run(data, 1).balanceLoss(true), "w", false);
            assertArrayEquals(weighted, trained(run(data, 2).balanceLoss(true), "w", true));
            trained(run(data, 1).balanceSampling(true), "s", false);
            assertArrayEquals(sampled, trained(run(data, 2).balanceSampling(true), "s", true));

            assertRefused("class weights was [0.6666667, 2.0] and is not set", run(data, 2), "w");
            assertRefused("sampling was balanced and is not set", run(data, 2), "s");
        }
    }

    private void assertRefused(String reason, TrainingRun.Builder other, String name) {
        CheckpointMismatchException refused =
                assertThrows(CheckpointMismatchException.class, () -> trained(other, name, true));
        assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused.getMessage());
    }

    @Test
    void balancedSamplingOfAFrozenBackboneIsRefused() throws IOException {
        try (DatasetSplits data = images()) {
            trained(run(data, 1), "start", false);
            var frozen = run(data, 1)
                    .weights(StartingWeights.read(folder.resolve("start")))
                    .freezeBackbone();
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> frozen.balanceSampling(true).build());
            assertTrue(String.valueOf(refused.getMessage()).contains("balance the loss instead"), refused.getMessage());
            trained(frozen.balanceSampling(false).balanceLoss(true), "frozen", false);
        }
    }
}
