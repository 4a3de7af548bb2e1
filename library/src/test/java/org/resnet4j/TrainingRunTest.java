package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.DatasetOptions.SyntheticSize;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.StartingWeights;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.CheckpointMismatchException;
import org.resnet4j.training.DivergedException;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingRecipe;
import org.resnet4j.training.log.MetricsRows;

class TrainingRunTest {
    private static final TrainingRecipe TWO_EPOCHS = TrainingRecipe.sgd().withEpochs(2);

    @TempDir
    private Path folder;

    private DatasetSplits images() throws IOException {
        return Datasets.open(
                Datasets.SYNTHETIC,
                DatasetOptions.defaults(folder.resolve("cache")).withSynthetic(new SyntheticSize(8, 40, 20)));
    }

    private static TrainingRun.Builder small(DatasetSplits data) {
        return TrainingRun.on(data)
                .network(ResNets.named("resnet8"))
                .batchSize(8)
                .recipe(TWO_EPOCHS)
                .threads(1);
    }

    private TrainingOutcome train(String name, UnaryOperator<TrainingRun.Builder> change) throws IOException {
        try (DatasetSplits data = images();
                TrainingRun run = change.apply(small(data)).build()) {
            return run.train(folder.resolve(name));
        }
    }

    private byte[] weights(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name).resolve(ModelFolder.WEIGHTS));
    }

    @Test
    void aRunLeavesTheBestModelTheLastOneTheMetricsAndACheckpoint() throws IOException {
        TrainingOutcome outcome = train("m", run -> run);
        assertEquals(2, outcome.result().completedEpochs());
        assertEquals(
                0,
                outcome.trainingSkipped().count() + outcome.validationSkipped().count());
        assertEquals(2, MetricsRows.read(outcome.folder().metrics()).count());
        assertTrue(Files.exists(outcome.folder().checkpoint()));
        assertTrue(ModelFolder.isModel(outcome.folder().last()));
        assertEquals(
                "resnet8",
                ModelFolder.load(folder.resolve("m")).network().spec().name());
    }

    @Test
    void whatIsLeftOpenFollowsFromTheData() throws IOException {
        try (DatasetSplits data = images()) {
            TrainingPlan small = TrainingRun.on(data).plan();
            assertEquals("resnet20", small.spec().name());
            assertEquals(data.classes().size(), small.spec().classes());
            assertEquals(8, small.transform().inputSize());
            assertEquals(128, small.batchSize());
            assertEquals(data.profile().augmentation(), small.augmentation());
            TrainingPlan large = TrainingRun.on(data).imageSize(96).plan();
            assertEquals("resnet18", large.spec().name());
            assertEquals(20, large.batchSize(), "two batches in place of one that leaves out 8 of 40 images");
            try (TrainingRun run = TrainingRun.on(data).build()) {
                assertEquals(3, run.epochs(), "synthetic images");
            }
        }
    }

    @Test
    void anInterruptedRunGoesOnAndEndsWithTheSameBits() throws IOException {
        train("whole", run -> run);
        Path place = folder.resolve("parts");
        try (DatasetSplits data = images();
                TrainingRun run = small(data).build()) {
            TrainingOutput output = TrainingOutput.to(place)
                    .withCheckpointEvery(Duration.ZERO)
                    .withListener(event -> {
                        if (event instanceof TrainingEvent.StepCompleted step && step.epoch() == 2) {
                            Thread.currentThread().interrupt();
                        }
                    });
            assertThrows(InterruptedIOException.class, () -> run.train(output));
            assertTrue(Thread.interrupted());
        }
        try (DatasetSplits data = images();
                TrainingRun run = small(data).threads(2).build()) {
            run.resume(TrainingOutput.to(place));
        }
        assertArrayEquals(weights("whole"), weights("parts"));
        assertArrayEquals(weights("whole/last"), weights("parts/last"));
    }

    @Test
    void aRunOfOtherSettingsIsNotResumed() throws IOException {
        train("m", run -> run);
        try (DatasetSplits data = images();
                TrainingRun run = small(data).recipe(TWO_EPOCHS.withSeed(5)).build()) {
            var refused = assertThrows(
                    CheckpointMismatchException.class, () -> run.resume(TrainingOutput.to(folder.resolve("m"))));
            assertTrue(refused.getMessage().contains("seed was 0 and is 5"), refused.getMessage());
        }
    }

    @Test
    void aRunInBFloat16SaysSoAndIsNotResumedInFloat32() throws IOException {
        TrainingRecipe narrow = TWO_EPOCHS.withSession(TWO_EPOCHS.session().withFormat(Tensor.Format.BFLOAT16));
        try (DatasetSplits data = images();
                TrainingRun run = small(data).recipe(narrow).build()) {
            assertTrue(run.kernels().startsWith("bfloat16, "), run.kernels());
            assertEquals("bfloat16", run.settings().get("precision"));
            run.train(folder.resolve("m"));
        }
        try (DatasetSplits data = images();
                TrainingRun run = small(data).build()) {
            var refused = assertThrows(
                    CheckpointMismatchException.class, () -> run.resume(TrainingOutput.to(folder.resolve("m"))));
            assertTrue(refused.getMessage().contains("precision was bfloat16 and is not set"), refused.getMessage());
        }
    }

    @Test
    void resumingWithoutACheckpointBeginsAnew() throws IOException {
        train("m", run -> run);
        try (DatasetSplits data = images();
                TrainingRun run = small(data).build()) {
            run.resume(TrainingOutput.to(folder.resolve("n")));
        }
        assertArrayEquals(weights("m"), weights("n"));
    }

    @Test
    void aModelIsNotReplacedUnlessAskedFor() throws IOException {
        train("m", run -> run);
        byte[] before = weights("m");
        assertThrows(FileAlreadyExistsException.class, () -> train("m", run -> run.recipe(TWO_EPOCHS.withSeed(1))));
        assertArrayEquals(before, weights("m"));
        try (DatasetSplits data = images();
                TrainingRun run = small(data).recipe(TWO_EPOCHS.withSeed(1)).build()) {
            run.train(TrainingOutput.to(folder.resolve("m")).withOverwrite(true));
        }
        assertFalse(Arrays.equals(before, weights("m")));
    }

    @Test
    void twoRunsDoNotWriteToOneFolder() throws IOException {
        Path place = folder.resolve("m");
        try (RunLock _ = new RunFolder(place).lock(_ -> {})) {
            var refused = assertThrows(FolderInUseException.class, () -> train("m", run -> run));
            assertTrue(refused.getMessage().contains(place.toString()), refused.getMessage());
        }
        try (RunLock held = new RunFolder(place).lock(_ -> {});
                DatasetSplits data = images();
                TrainingRun run = small(data).build()) {
            run.train(TrainingOutput.to(held));
        }
        assertTrue(ModelFolder.isModel(place));
    }

    @Test
    void aRunTrainsOnce() throws IOException {
        try (DatasetSplits data = images();
                TrainingRun run = small(data).build()) {
            run.train(folder.resolve("m"));
            assertThrows(IllegalStateException.class, () -> run.train(folder.resolve("n")));
        }
    }

    @Test
    void eventsAndTensorBoardGoWhereTheyAreAskedFor() throws IOException {
        var events = new ArrayList<TrainingEvent>();
        try (DatasetSplits data = images();
                TrainingRun run = small(data).build()) {
            run.train(TrainingOutput.to(folder.resolve("m"))
                    .withTensorBoard(folder.resolve("board"))
                    .withListener(events::add));
        }
        assertEquals(
                2,
                events.stream()
                        .filter(TrainingEvent.EpochCompleted.class::isInstance)
                        .count());
        try (var files = Files.list(folder.resolve("board"))) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void aFrozenBackboneKeepsItsWeights() throws IOException {
        train("m", run -> run);
        StartingWeights start = StartingWeights.read(folder.resolve("m"));
        var remarks = new ArrayList<String>();
        train("frozen", run -> run.weights(start).freezeBackbone().remarks(remarks::add));
        assertTrue(remarks.getFirst().startsWith("the backbone is frozen: "), remarks.toString());
        Model before = ModelFolder.load(folder.resolve("m"));
        Model after = ModelFolder.load(folder.resolve("frozen").resolve("last"));
        List<String> changed = ResNetState.stateDict(before.network()).tensors().entrySet().stream()
                .filter(entry -> !Arrays.equals(
                        entry.getValue().array(),
                        ResNetState.stateDict(after.network())
                                .tensors()
                                .get(entry.getKey())
                                .array()))
                .map(entry -> entry.getKey())
                .sorted()
                .toList();
        assertEquals(List.of("fc.bias", "fc.weight"), changed);
    }

    @Test
    void settingsThatDoNotFitAreRefusedWithTheirValues() throws IOException {
        try (DatasetSplits data = images()) {
            assertRefused(
                    "image size must be at least 1, got 0",
                    () -> TrainingRun.on(data).imageSize(0));
            assertRefused(
                    "batch size must be at least 1, got -3",
                    () -> TrainingRun.on(data).batchSize(-3));
            assertRefused(
                    "threads must be at least 1, got 0",
                    () -> TrainingRun.on(data).threads(0));
            assertRefused(
                    "memory for features must be at least 0 bytes, got -1",
                    () -> TrainingRun.on(data).freezeBackbone(-1));
            assertRefused(
                    "a frozen backbone needs starting weights",
                    () -> small(data).freezeBackbone().build());
            var depth = TWO_EPOCHS.withSession(TWO_EPOCHS.session().withStochasticDepth(0.25));
            assertRefused(
                    "stochastic depth of 0.25 needs shortcuts, and plain20 has none",
                    () -> small(data)
                            .network(ResNets.named("plain20"))
                            .recipe(depth)
                            .build());
            assertRefused(
                    "a batch of 8 images cannot be divided into 3 equal shards",
                    () -> small(data).recipe(TWO_EPOCHS.withShards(3)).build());
            assertRefused("shards must be at least 1, got 0", () -> TWO_EPOCHS.withShards(0));
            assertRefused("epochs must be at least 1, got 0", () -> TWO_EPOCHS.withEpochs(0));
            assertRefused("the learning rate must be above 0, got -0.5", () -> TWO_EPOCHS.withLearningRate(-0.5));
            assertRefused("got 2.0 epochs", () -> TWO_EPOCHS.withWarmUp(2));
        }
    }

    @Test
    void batchesOfOneImageAreRefusedWhereTheNetworkCannotLearnOfThem() throws IOException {
        try (DatasetSplits data = images();
                TrainingRun run = small(data)
                        .network(ResNets.named("resnet18"))
                        .imageSize(32)
                        .batchSize(1)
                        .build()) {
            assertRefused("batches of 1: resnet18 makes a single pixel", () -> run.train(folder.resolve("m")));
            assertFalse(Files.exists(folder.resolve("m")), "nothing is written");
        }
    }

    @Test
    void aRunOfShardsHasTheSameBitsOnAnyNumberOfThreadsAndIsResumed() throws IOException {
        train("plain", run -> run);
        train("one", run -> run.recipe(TWO_EPOCHS.withShards(1)));
        assertArrayEquals(weights("plain"), weights("one"));
        train("four", run -> run.recipe(TWO_EPOCHS.withShards(4)));
        train("threads", run -> run.recipe(TWO_EPOCHS.withShards(4)).threads(3));
        assertArrayEquals(weights("four"), weights("threads"));
        assertFalse(Arrays.equals(weights("plain"), weights("four")));

        try (DatasetSplits data = images();
                TrainingRun run = small(data).recipe(TWO_EPOCHS.withShards(2)).build()) {
            var other = assertThrows(
                    CheckpointMismatchException.class, () -> run.resume(TrainingOutput.to(folder.resolve("four"))));
            assertTrue(String.valueOf(other.getMessage()).contains("shards was 4 and is 2"), other.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource(Tensor.Format.class)
    void aRunThatDivergesSaysSoAndKeepsTheLastGoodEpoch(Tensor.Format format) throws IOException {
        TrainingRecipe recipe = TWO_EPOCHS.withSession(TWO_EPOCHS.session().withFormat(format));
        train("m", run -> run.recipe(recipe));
        byte[] good = weights("m");
        try (DatasetSplits data = images();
                TrainingRun run =
                        small(data).recipe(recipe.withLearningRate(1e38)).build()) {
            var diverged = assertThrows(
                    DivergedException.class,
                    () -> run.train(TrainingOutput.to(folder.resolve("m")).withOverwrite(true)));

            assertEquals(1, diverged.epoch());
            assertTrue(
                    diverged.getMessage().matches("training diverged: the (loss is|weights? ).*Try a smaller.*"),
                    diverged.getMessage());
        }
        assertArrayEquals(good, weights("m"));
    }

    @Test
    void variantsChangeWhatTheDataChose() throws IOException {
        try (DatasetSplits data = images()) {
            TrainingPlan plan = TrainingRun.on(data)
                    .variant(spec -> spec.toBuilder().name("mine").build())
                    .augmentation(_ -> Augmentation.none())
                    .plan();
            ResNetSpec usual = TrainingRun.on(data).plan().spec();
            assertEquals(usual.toBuilder().name("mine").build(), plan.spec());
            assertEquals(Augmentation.none(), plan.augmentation());
        }
    }

    private static void assertRefused(String message, Executable action) {
        var refused = assertThrows(IllegalArgumentException.class, action);
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }
}
