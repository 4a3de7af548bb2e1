package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.training.TrainingEvent;

class InterruptionTest {
    private static final String COMMAND = "resnet4j train --resume";
    private static final String TO_CONTINUE = "\rinterrupted; to continue: " + COMMAND + "\n";
    private static final TrainingEvent STARTED = new TrainingEvent.Started(2, 5, 1, 0, 0, false);
    private static final TrainingEvent STEP = new TrainingEvent.StepCompleted(1, 1, 2, 0.1, 32);
    private static final TrainingEvent VALIDATION_STEP = new TrainingEvent.ValidationStepCompleted(1, 1, 32);

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console terminal = new Console(
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            true);

    private String lines() {
        return err.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private static TrainingEvent checkpoint(int epochs) {
        return new TrainingEvent.CheckpointWritten(Path.of("checkpoint"), epochs, 0);
    }

    /** Returns the handling of a run that has seen these events. */
    private Interruption after(TrainingEvent... events) throws IOException {
        var interruption = new Interruption(terminal);
        interruption.begin(COMMAND);
        for (TrainingEvent event : events) {
            interruption.on(event);
        }
        return interruption;
    }

    @Test
    void inTheFirstSecondsTheMessageStandsOnALineOfItsOwn() {
        try (var interruption = new Interruption(terminal)) {
            interruption.stop();
        }
        assertEquals("\rinterrupted before the training began\n", lines());
    }

    @Test
    void messageIsPrintedOnce() {
        try (var interruption = new Interruption(terminal)) {
            interruption.begin(COMMAND);
            interruption.tell();
            interruption.tell();
        }
        assertEquals(TO_CONTINUE, lines());
    }

    /** {@code stop} would wait for the training thread, which is this one. */
    @Test
    void beforeTheFirstStepAndAfterACheckpointTheProcessEndsAtOnce() throws IOException {
        for (TrainingEvent[] events : new TrainingEvent[][] {
            {}, {STARTED}, {STARTED, STEP, VALIDATION_STEP, checkpoint(1)},
        }) {
            err.reset();
            try (var interruption = after(events)) {
                interruption.stop();
                assertEquals(TO_CONTINUE, lines());
                assertThrows(InterruptedIOException.class, () -> interruption.on(STEP), "no file is begun any more");
            }
            assertEquals(TO_CONTINUE, lines());
        }
    }

    @Test
    void afterAStepTheSignalIsAnsweredAtOnceAndTheRunIsSavedFirst() throws Exception {
        for (TrainingEvent next : new TrainingEvent[] {STEP, VALIDATION_STEP}) {
            err.reset();
            var interruption = after(STARTED, STEP);
            Thread ending = Thread.ofPlatform().start(interruption::stop);
            String answer = "\rinterrupting: the run is saved after this step\n";
            while (!lines().equals(answer)) {
                Thread.onSpinWait();
            }
            interruption.on(next);
            assertTrue(Thread.interrupted(), "the training thread interrupts itself");
            assertTrue(ending.isAlive(), "the checkpoint is not yet written");
            interruption.close();
            ending.join();
            assertEquals(answer + TO_CONTINUE, lines());
        }
    }

    @Test
    void afterTheLastEpochTheModelIsSavedFirst() throws Exception {
        var interruption = after(STARTED, STEP, checkpoint(2));
        Thread ending = Thread.ofPlatform().start(interruption::stop);
        String answer = "\rinterrupting: the model is being saved\n";
        while (!lines().equals(answer)) {
            Thread.onSpinWait();
        }
        interruption.on(new TrainingEvent.ModelSaved(2, TrainingEvent.SavedModel.LAST));
        assertTrue(ending.isAlive());
        interruption.close();
        ending.join();
        assertEquals(answer + TO_CONTINUE, lines());
    }

    /** A run that is interrupted while it waits for images may fail in many ways. */
    @Test
    void endOfARequestedRunIsToldHoweverItEnds() throws InterruptedException {
        var interruption = new Interruption(terminal);
        interruption.begin(COMMAND);
        Thread ending = Thread.ofPlatform().start(interruption::stop);
        while (!interruption.isRequested()) {
            Thread.onSpinWait();
        }
        interruption.close();
        ending.join();
        assertEquals(TO_CONTINUE, lines());
        assertTrue(Interruption.isReason(new UncheckedIOException(new InterruptedIOException())));
        assertTrue(Interruption.isReason(new IllegalStateException(new InterruptedException())));
        assertFalse(Interruption.isReason(new IOException("No space left on device")));
    }
}
