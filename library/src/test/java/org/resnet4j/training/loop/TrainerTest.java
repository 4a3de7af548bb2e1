package org.resnet4j.training.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.training.BestEpoch;
import org.resnet4j.training.CheckpointMismatchException;
import org.resnet4j.training.DivergedException;
import org.resnet4j.training.EpochMetrics;
import org.resnet4j.training.LearningRate;
import org.resnet4j.training.Schedule;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;
import org.resnet4j.training.TrainingResult;
import org.resnet4j.training.ValidationMetrics;
import org.resnet4j.training.session.TrainingSession;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.safetensors.SafetensorsFile;

class TrainerTest {
    private static final LearningRate RATE = new LearningRate(0.5, new Schedule.Constant());

    @TempDir
    Path folder;

    private final List<TrainingEvent> events = new ArrayList<>();
    private final List<String> saved = new ArrayList<>();

    @Test
    void eventsComeInOrder() throws IOException {
        var session = new ScriptedSession(List.of(), List.of(5, 4));
        TrainingResult result =
                trainer(session, new TinyBatches(2, 4, 4, 1), settings(2)).run();
        assertEquals(
                List.of(
                        "Started",
                        "StepCompleted",
                        "StepCompleted",
                        "ValidationStepCompleted",
                        "ModelSaved",
                        "EpochCompleted",
                        "CheckpointWritten",
                        "StepCompleted",
                        "StepCompleted",
                        "ValidationStepCompleted",
                        "EpochCompleted",
                        "CheckpointWritten",
                        "ModelSaved",
                        "Finished"),
                events.stream().map(event -> event.getClass().getSimpleName()).toList());
        assertEquals(new TrainingEvent.Started(2, 2, 1, 0, 0, false), events.getFirst());
        assertEquals(new TrainingEvent.StepCompleted(1, 1, 1.0, 0.5, 4), events.get(1));
        assertEquals(new TrainingEvent.StepCompleted(2, 2, 1.0, 0.5, 4), events.get(8));
        assertEquals(new TrainingEvent.CheckpointWritten(checkpoint(), 1, 0), events.get(6));
        assertEquals(List.of("BEST 1", "LAST 2"), saved);
        assertEquals(2, result.completedEpochs());
        assertEquals(new BestEpoch(1, new ValidationMetrics(1, 0.5, 1, 10)), result.best());
        assertTrue(events.get(5) instanceof TrainingEvent.EpochCompleted(EpochMetrics metrics, boolean best)
                && best
                && metrics.epoch() == 1
                && metrics.trainLoss() == 1
                && metrics.trainTop1() == 0.25);
    }

    @Test
    void modelIsSavedWhileTheEvaluationIsOpen() throws IOException {
        var session = new ScriptedSession(List.of(), List.of(5));
        new Trainer(
                        session,
                        new TinyBatches(1, 4, 4, 1),
                        new TinyBatches(1, 10, 10, 2),
                        settings(1),
                        List.of(),
                        (kind, epoch) -> session.calls.add("save " + kind))
                .run();
        assertEquals(
                List.of(
                        "accumulate 1/1",
                        "update 0.5",
                        "evaluate",
                        "save BEST",
                        "evaluated",
                        "evaluate",
                        "save LAST",
                        "evaluated"),
                session.calls);
    }

    @Test
    void groupsOfBatchesMakeOneUpdate() throws IOException {
        var session = new ScriptedSession(List.of(), List.of());
        var settings =
                new TrainerSettings(1, new LearningRate(1, new Schedule.Steps(List.of(0.4), 0.5))).withAccumulation(2);
        trainer(session, new TinyBatches(5, 4, 2, 1), null, settings).run();
        assertEquals(
                List.of(
                        "accumulate 1/2",
                        "accumulate 1/2",
                        "update 1.0",
                        "accumulate 1/2",
                        "accumulate 1/2",
                        "update 0.5",
                        "accumulate 1/1",
                        "update 0.5",
                        "evaluate",
                        "evaluated"),
                session.calls);
    }

    /** Ends a round after two batches. */
    private record TwoBatchRounds(StepLoop steps, BatchRunner whole) implements BatchRunner {
        @Override
        public int trainingBatches() {
            return whole.trainingBatches();
        }

        @Override
        public int validationBatches() {
            return whole.validationBatches();
        }

        @Override
        public TrainingProgress train(TrainingProgress from, StepObserver observer) throws IOException {
            return steps.run(from, Math.min(from.completedBatches() + 2, trainingBatches()), observer);
        }

        @Override
        public Tally validate(TrainingSession.Evaluation evaluation, ValidationObserver observer) throws IOException {
            return whole.validate(evaluation, observer);
        }
    }

    @Test
    void anEpochOfSeveralRoundsTrainsAllItsBatches() throws IOException {
        var session = new ScriptedSession(List.of(), List.of());
        var source = new TinyBatches(5, 4, 2, 1);
        var rounds = new TwoBatchRounds(
                new StepLoop(session, source, settings(2)), new LocalRunner(session, source, null, settings(2)));
        new Trainer(session, rounds, settings(2), List.of(), (_, _) -> {}).run();
        assertEquals(10, Collections.frequency(session.calls, "accumulate 1/1"), session.calls.toString());
    }

    @Test
    void emptyBatchesKeepTheirPlace() throws IOException {
        var session = new ScriptedSession(List.of(), List.of());
        trainer(session, new TinyBatches(3, 0, 4, 1), null, settings(1).withAccumulation(2))
                .run();
        assertEquals(List.of("accumulate 1/1", "update 0.5", "evaluate", "evaluated"), session.calls);
        IOException thrown = assertThrows(
                IOException.class,
                () -> trainer(new ScriptedSession(List.of(), List.of()), new TinyBatches(3, 0, 0, 1), null, settings(1))
                        .run());
        assertEquals(
                "epoch 1 had no training image: none could be read, or too few remained for a batch",
                thrown.getMessage());
    }

    @Test
    void trainingWithoutValidationHasNoBest() throws IOException {
        TrainingResult result = trainer(
                        new ScriptedSession(List.of(), List.of()), new TinyBatches(2, 4, 4, 1), null, settings(1))
                .run();
        assertNull(result.best());
        assertEquals(List.of("LAST 1"), saved);
        assertThrows(
                IllegalArgumentException.class,
                () -> trainer(
                        new ScriptedSession(List.of(), List.of()),
                        new TinyBatches(2, 4, 4, 1),
                        null,
                        settings(1).withPatience(1)));
    }

    @Test
    void patienceEndsTheRun() throws IOException {
        var session = new ScriptedSession(List.of(), List.of(3, 5, 5, 4, 9));
        TrainingResult result = trainer(
                        session, new TinyBatches(1, 4, 4, 1), settings(9).withPatience(2))
                .run();
        assertEquals(4, result.completedEpochs());
        assertTrue(result.stoppedEarly());
        var best = new BestEpoch(2, new ValidationMetrics(1, 0.5, 1, 10));
        assertEquals(best, result.best());
        assertTrue(events.contains(new TrainingEvent.EarlyStopped(4, 2, best)));
        assertEquals(List.of("BEST 1", "BEST 2", "LAST 4"), saved);

        TrainingResult again = trainer(
                        new ScriptedSession(List.of(), List.of()),
                        new TinyBatches(1, 4, 4, 1),
                        settings(9).withPatience(2))
                .resume();
        assertTrue(again.stoppedEarly());
        assertEquals(4, again.completedEpochs());
        assertEquals(best, again.best());
        assertNull(again.last());
    }

    @Test
    void divergenceStopsAndKeepsTheLastCheckpoint() throws IOException {
        for (double loss : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            var session = new ScriptedSession(List.of(1.0, 1.0, 1.0, loss), List.of(5, 5));
            DivergedException thrown = assertThrows(
                    DivergedException.class,
                    () -> trainer(session, new TinyBatches(2, 4, 4, 1), settings(3))
                            .run());
            assertEquals(2, thrown.epoch());
            assertEquals(2, thrown.batch());
            assertEquals(0.5, thrown.learningRate());
            assertTrue(
                    thrown.getMessage().startsWith("training diverged: the loss is " + loss + " at epoch 2, batch 2"),
                    thrown.getMessage());
            assertTrue(thrown.getMessage().contains(checkpoint().toString()), thrown.getMessage());
            assertEquals(1, Checkpoint.read(checkpoint()).progress().completedEpochs());
            assertTrue(events.getLast() instanceof TrainingEvent.Diverged);
        }
    }

    @Test
    void weightsThatAreNotFiniteNeverReachTheCheckpoint() throws IOException {
        var session = new ScriptedSession(List.of(), List.of(5, 5));
        TrainingListener breaker = event -> {
            if (event instanceof TrainingEvent.StepCompleted step && step.epoch() == 2) {
                session.weight(Float.NaN);
            }
        };
        var trainer = new Trainer(
                session,
                new TinyBatches(2, 4, 4, 1),
                new TinyBatches(1, 10, 10, 2),
                settings(3),
                List.of(breaker),
                (kind, epoch) -> {});
        DivergedException thrown = assertThrows(DivergedException.class, trainer::run);
        assertTrue(thrown.getMessage().contains("weight holds NaN"), thrown.getMessage());
        assertEquals(1, Checkpoint.read(checkpoint()).progress().completedEpochs());
    }

    @Test
    void unreadableDataEndsTheRunWithItsMessage() throws IOException {
        IOException thrown = assertThrows(
                IOException.class,
                () -> trainer(
                                new ScriptedSession(List.of(), List.of()),
                                new TinyBatches(3, 4, 4, 1).failingAt(1),
                                settings(1))
                        .run());
        assertEquals("cat/0001.jpg: cannot be read", thrown.getMessage());
        assertEquals(new TrainingEvent.Failed(1, 2, "cat/0001.jpg: cannot be read"), events.getLast());
    }

    @Test
    void checkpointsComeAsOftenAsAsked() throws IOException {
        var byUpdates = new CheckpointPolicy(checkpoint(), 2, Duration.ZERO);
        trainer(
                        new ScriptedSession(List.of(), List.of(1)),
                        new TinyBatches(5, 4, 4, 1),
                        settings(1).withCheckpoint(byUpdates))
                .run();
        assertEquals(List.of(2, 4, 0), checkpointedBatches());

        events.clear();
        var clock = new AtomicLong();
        TrainingListener listener = event -> {
            events.add(event);
            if (event instanceof TrainingEvent.StepCompleted) {
                clock.addAndGet(Duration.ofSeconds(20).toNanos());
            }
        };
        var byTime = new CheckpointPolicy(checkpoint(), 0, Duration.ofSeconds(50));
        new Trainer(
                        new ScriptedSession(List.of(), List.of(1)),
                        new TinyBatches(5, 4, 4, 1),
                        new TinyBatches(1, 10, 10, 2),
                        settings(1).withCheckpoint(byTime),
                        List.of(listener),
                        (kind, epoch) -> {},
                        clock::get)
                .run();
        assertEquals(List.of(3, 0), checkpointedBatches());
    }

    private List<Integer> checkpointedBatches() {
        return events.stream()
                .filter(TrainingEvent.CheckpointWritten.class::isInstance)
                .map(TrainingEvent.CheckpointWritten.class::cast)
                .map(TrainingEvent.CheckpointWritten::completedBatches)
                .toList();
    }

    @Test
    void interruptedRunWritesItsPlaceAndStops() throws IOException {
        TrainingListener interrupter = event -> {
            if (event instanceof TrainingEvent.StepCompleted step && step.batch() == 3) {
                Thread.currentThread().interrupt();
            }
        };
        var trainer = new Trainer(
                new ScriptedSession(List.of(), List.of()),
                new TinyBatches(5, 4, 4, 1),
                null,
                settings(1),
                List.of(interrupter),
                (kind, epoch) -> {});
        assertThrows(InterruptedIOException.class, trainer::run);
        assertTrue(Thread.interrupted());
        assertEquals(3, Checkpoint.read(checkpoint()).progress().completedBatches());
    }

    @Test
    void checkpointOfAnotherRunIsRefusedByName() throws IOException {
        TinyBatches data = new TinyBatches(2, 4, 4, 1);
        trainer(new ScriptedSession(List.of(), List.of(5)), data, settings(1)).run();
        var other = settings(1).withRun(Map.of("model", "resnet20", "batch size", "64"));
        CheckpointMismatchException thrown = assertThrows(
                CheckpointMismatchException.class,
                () -> trainer(new ScriptedSession(List.of(), List.of()), data, other)
                        .resume());
        assertEquals(
                "cannot resume from " + checkpoint() + ", it belongs to a run with other settings: "
                        + "batch size was 128 and is 64",
                thrown.getMessage());
    }

    @Test
    void aRunIsProlongedOnlyIfItsRateDoesNotFollowTheEpochs() throws IOException {
        TinyBatches data = new TinyBatches(2, 4, 4, 1);
        trainer(new ScriptedSession(List.of(), List.of(5)), data, settings(1)).run();
        TrainingResult longer = trainer(new ScriptedSession(List.of(), List.of(5)), data, settings(2))
                .resume();
        assertEquals(2, longer.completedEpochs());
        assertThrows(
                CheckpointMismatchException.class,
                () -> trainer(new ScriptedSession(List.of(), List.of()), data, settings(1))
                        .resume());

        var policy = new CheckpointPolicy(folder.resolve("cosine"), 0, Duration.ZERO);
        var cosine = new LearningRate(0.5, new Schedule.Cosine());
        trainer(new ScriptedSession(List.of(), List.of(5)), data, new TrainerSettings(1, cosine).withCheckpoint(policy))
                .run();
        CheckpointMismatchException refused = assertThrows(
                CheckpointMismatchException.class,
                () -> trainer(
                                new ScriptedSession(List.of(), List.of()),
                                data,
                                new TrainerSettings(2, cosine).withCheckpoint(policy))
                        .resume());
        assertTrue(String.valueOf(refused.getMessage()).endsWith("epochs was 1 and is 2"), refused.getMessage());
    }

    @Test
    void checkpointOfAnotherVersionIsRefused() throws IOException {
        new SafetensorsFile(new StateDict(), Map.of("resnet4j.checkpoint", "1")).write(checkpoint());
        TinyBatches data = new TinyBatches(2, 4, 4, 1);
        MalformedFileException thrown = assertThrows(
                MalformedFileException.class,
                () -> trainer(new ScriptedSession(List.of(), List.of()), data, settings(1))
                        .resume());
        assertEquals(
                checkpoint() + ": this checkpoint has version 1, and this program reads version 2: another version of"
                        + " resnet4j wrote it; start the run again, or resume it with that version",
                thrown.getMessage());
    }

    @Test
    void damagedCheckpointIsRefused() throws IOException {
        TinyBatches data = new TinyBatches(2, 4, 4, 1);
        trainer(new ScriptedSession(List.of(), List.of(5)), data, settings(1)).run();
        byte[] good = Files.readAllBytes(checkpoint());
        int header = 8 + (good[0] & 0xff) + ((good[1] & 0xff) << 8);
        var random = new Random(11);
        for (int i = 0; i < 500; i++) {
            byte[] bad = good.clone();
            // The last four bytes are the weight.
            int place = i < 4 ? header + i : random.nextInt(bad.length);
            bad[place] ^= (byte) (1 << random.nextInt(8));
            Files.write(checkpoint(), bad);
            try {
                Checkpoint read = Checkpoint.read(checkpoint());
                assertEquals(
                        5,
                        read.progress().best() == null
                                ? 0
                                : 10 * read.progress().best().validation().top1());
                assertTrue(Character.isWhitespace(bad[place]), "byte " + place + " was changed unseen");
            } catch (MalformedFileException expected) {
                assertTrue(expected.getMessage().contains(checkpoint().toString()));
            }
        }
        Files.write(checkpoint(), new byte[100]);
        assertThrows(
                MalformedFileException.class,
                () -> trainer(new ScriptedSession(List.of(), List.of()), data, settings(1))
                        .resume());
    }

    private Path checkpoint() {
        return folder.resolve("last.checkpoint");
    }

    private TrainerSettings settings(int epochs) {
        return new TrainerSettings(epochs, RATE)
                .withCheckpoint(new CheckpointPolicy(checkpoint()))
                .withRun(Map.of("model", "resnet20", "batch size", "128"));
    }

    private Trainer trainer(TrainingSession session, BatchSource training, TrainerSettings settings) {
        return trainer(session, training, new TinyBatches(1, 10, 10, 2), settings);
    }

    private Trainer trainer(
            TrainingSession session, BatchSource training, @Nullable BatchSource validation, TrainerSettings settings) {
        return new Trainer(
                session,
                training,
                validation,
                settings,
                List.of(events::add),
                (kind, epoch) -> saved.add(kind + " " + epoch));
    }
}
