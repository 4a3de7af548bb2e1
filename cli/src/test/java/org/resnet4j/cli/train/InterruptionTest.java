package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.resnet4j.cli.shell.Console;

class InterruptionTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console terminal = new Console(
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            true);

    private String lines() {
        return err.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
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
            interruption.begin("resnet4j train --resume");
            interruption.tell();
            interruption.tell();
        }
        assertEquals("\rinterrupted; to continue: resnet4j train --resume\n", lines());
    }

    /** A run that is interrupted while it waits for images may fail in many ways. */
    @Test
    void endOfARequestedRunIsToldHoweverItEnds() throws InterruptedException {
        var interruption = new Interruption(terminal);
        interruption.begin("resnet4j train --resume");
        Thread ending = Thread.ofPlatform().start(interruption::stop);
        while (!interruption.isRequested()) {
            Thread.onSpinWait();
        }
        interruption.close();
        ending.join();
        assertEquals("\rinterrupted; to continue: resnet4j train --resume\n", lines());
        assertTrue(Interruption.isReason(new UncheckedIOException(new InterruptedIOException())));
        assertTrue(Interruption.isReason(new IllegalStateException(new InterruptedException())));
        assertFalse(Interruption.isReason(new IOException("No space left on device")));
    }
}
