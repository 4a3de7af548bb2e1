package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
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
}
