package org.resnet4j.training.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.LearningRate;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.Schedule;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;
import org.resnet4j.training.log.MetricsFile;
import org.resnet4j.training.session.LayerTrainingSession;
import org.resnet4j.training.session.LayerTrainingSessionTest;
import org.resnet4j.training.session.SessionState;
import org.resnet4j.training.session.TinyNetwork;

/**
 * A run that dies at any event and is resumed ends as one that never died: same bits, same best model, same metrics.
 */
class ResumeTest {
    private static final int EPOCHS = 2;

    @TempDir
    Path folder;

    private final Workers workers = new Workers(1);

    @AfterEach
    void close() {
        workers.close();
    }

    /** Stands for the death of the process: no handler of the trainer sees it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** What is left of a run: the last state, the weights of each saved model, the metrics without times. */
    private record Outcome(SessionState state, Map<String, float[]> models, List<String> metrics) {}

    @Test
    void everyPlaceOfDeathWithSgd() throws IOException {
        everyPlaceOfDeath(new SessionSettings(new Optimizer.Sgd(0.9, true, 1e-3, false), 0.1, 0, 0.9), 2, 1);
    }

    @Test
    void everyPlaceOfDeathWithAdamW() throws IOException {
        everyPlaceOfDeath(new SessionSettings(new Optimizer.AdamW(), 0, 1, 0), 1, 2);
    }

    @Test
    void everyPlaceOfDeathWithCheckpointsAfterEpochsAlone() throws IOException {
        everyPlaceOfDeath(new SessionSettings(new Optimizer.Sgd(), 0, 0, 0.5), 2, 0);
    }

    @Test
    void everyPlaceOfDeathWithStochasticDepth() throws IOException {
        everyPlaceOfDeath(
                new SessionSettings(new Optimizer.Sgd())
                        .withStochasticDepth(0.5)
                        .withSeed(3),
                2,
                1);
    }

    @Test
    void everyPlaceOfDeathInBFloat16() throws IOException {
        everyPlaceOfDeath(
                new SessionSettings(new Optimizer.Sgd(0.9, true, 1e-3, false), 0, 1, 0.9)
                        .withFormat(Tensor.Format.BFLOAT16),
                2,
                1);
    }

    private void everyPlaceOfDeath(SessionSettings settings, int accumulation, int everyUpdates) throws IOException {
        var models = new HashMap<String, float[]>();
        var counted = new ArrayList<TrainingEvent>();
        Outcome expected =
                attempt(settings, accumulation, everyUpdates, folder.resolve("whole"), false, models, event -> {
                    counted.add(event);
                });
        for (int death = 0; death < counted.size(); death++) {
            Path place = folder.resolve("death-" + death);
            Outcome actual = dieAndResume(settings, accumulation, everyUpdates, place, death);
            String where = "death at " + counted.get(death);
            LayerTrainingSessionTest.assertSame(expected.state(), actual.state());
            assertEquals(expected.metrics(), actual.metrics(), where);
            assertEquals(expected.models().keySet(), actual.models().keySet(), where);
            expected.models()
                    .forEach((kind, weights) -> assertTrue(
                            Arrays.equals(weights, actual.models().get(kind)), where + ": " + kind + " differs"));
        }
    }

    private Outcome dieAndResume(SessionSettings settings, int accumulation, int everyUpdates, Path place, int death)
            throws IOException {
        var models = new HashMap<String, float[]>();
        var seen = new int[1];
        assertThrows(
                Killed.class,
                () -> attempt(settings, accumulation, everyUpdates, place, false, models, event -> {
                    if (seen[0] == death) {
                        throw new Killed();
                    }
                    seen[0]++;
                }));
        boolean resumes = Files.exists(place.resolve("last.checkpoint"));
        return attempt(settings, accumulation, everyUpdates, place, resumes, models, event -> {});
    }

    @Test
    void interruptedInTheMiddleOfAGroupOrOfTheValidationItLosesNoStep() throws IOException {
        var settings = new SessionSettings(new Optimizer.Sgd(0.9, true, 1e-3, false), 0, 0, 0.9);
        var counted = new ArrayList<TrainingEvent>();
        Outcome expected =
                attempt(settings, 2, 0, folder.resolve("whole"), false, new HashMap<>(), event -> counted.add(event));
        for (int place = 0; place < counted.size(); place++) {
            int least = switch (counted.get(place)) {
                case TrainingEvent.StepCompleted step -> Math.min(5, step.batch() + step.batch() % 2);
                case TrainingEvent.ValidationStepCompleted _ -> 5;
                default -> 0;
            };
            if (least > 0) {
                interruptAndResume(settings, place, least, expected);
            }
        }
    }

    private void interruptAndResume(SessionSettings settings, int place, int batches, Outcome expected)
            throws IOException {
        Path run = folder.resolve("interrupted-" + place);
        var models = new HashMap<String, float[]>();
        var seen = new int[1];
        assertThrows(
                InterruptedIOException.class,
                () -> attempt(settings, 2, 0, run, false, models, event -> {
                    if (seen[0]++ == place) {
                        Thread.currentThread().interrupt();
                    }
                }));
        assertTrue(Thread.interrupted(), "for the caller");
        assertEquals(
                batches,
                Checkpoint.read(run.resolve("last.checkpoint")).progress().completedBatches());
        Outcome actual = attempt(settings, 2, 0, run, true, models, event -> {});
        LayerTrainingSessionTest.assertSame(expected.state(), actual.state());
        assertEquals(expected.metrics(), actual.metrics());
    }

    /** Batches that an interrupted thread cannot wait for, as those of a loader. */
    private static BatchSource interruptible(TinyBatches batches) {
        return new BatchSource() {
            @Override
            public int batchesPerEpoch() {
                return batches.batchesPerEpoch();
            }

            @Override
            public Batches open(int epoch, int firstBatch) {
                Batches opened = batches.open(epoch, firstBatch);
                return new Batches() {
                    @Override
                    public @Nullable Batch next() throws IOException {
                        if (Thread.currentThread().isInterrupted()) {
                            throw new InterruptedIOException("interrupted while waiting for images");
                        }
                        return opened.next();
                    }

                    @Override
                    public void close() throws IOException {
                        opened.close();
                    }
                };
            }
        };
    }

    private Outcome attempt(
            SessionSettings settings,
            int accumulation,
            int everyUpdates,
            Path place,
            boolean resumes,
            Map<String, float[]> models,
            TrainingListener listener)
            throws IOException {
        Files.createDirectories(place);
        var network = new TinyNetwork(TinyBatches.FEATURES, TinyBatches.CLASSES);
        var session = new LayerTrainingSession(network, settings, new Compute(KernelLookup.scalar(), workers));
        var trainer = new Trainer(
                session,
                interruptible(new TinyBatches(5, 8, 3, 1)),
                interruptible(new TinyBatches(2, 8, 5, 2)),
                new TrainerSettings(EPOCHS, new LearningRate(0.2, new Schedule.Cosine()).withWarmUp(0.5))
                        .withAccumulation(accumulation)
                        .withCheckpoint(
                                new CheckpointPolicy(place.resolve("last.checkpoint"), everyUpdates, Duration.ZERO)),
                List.of(new MetricsFile(place.resolve("metrics.csv")), listener),
                (kind, epoch) -> models.put(
                        kind.name(),
                        network.parameters().getFirst().value().array().clone()));
        if (resumes) {
            trainer.resume();
        } else {
            trainer.run();
        }
        return new Outcome(session.state().copy(), models, metrics(place.resolve("metrics.csv")));
    }

    /** Without the last three columns, which are times. */
    private static List<String> metrics(Path file) throws IOException {
        List<String> rows = Files.readAllLines(file).stream()
                .map(row -> row.split(",", -1))
                .map(cells -> String.join(",", List.of(cells).subList(0, cells.length - 3)))
                .toList();
        assertEquals(EPOCHS + 1, rows.size());
        return rows;
    }
}
