package org.resnet4j.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressLineTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AtomicInteger columns = new AtomicInteger(80);
    private final Console console = new Console(
            new PrintStream(written, true, StandardCharsets.UTF_8),
            new PrintStream(written, true, StandardCharsets.UTF_8),
            true);
    private final ProgressLine.Line line = new ProgressLine.Line(console, columns::get);

    private String written() {
        String text = written.toString(StandardCharsets.UTF_8);
        written.reset();
        return text;
    }

    @Test
    void lineFollowsTheWidthOfTheTerminal() {
        assertEquals(77, line.getMaxRenderedLength());
        columns.set(140);
        assertEquals(137, line.getMaxRenderedLength());

        columns.set(60);
        line.accept("x".repeat(200));
        assertEquals("\r" + "x".repeat(57), written());
    }

    @Test
    void shorterTextErasesTheFormerOne() {
        line.accept("abcdef");
        line.accept("abc");
        assertEquals("\rabcdef\rabc   ", written());
    }

    @Test
    void clearErasesTheTextAndTheEchoOfCtrlC() {
        line.accept("abcdef");
        written();
        line.clear();
        assertEquals("\r" + " ".repeat(8) + "\r", written());
    }

    @Test
    void aMessageErasesTheBarAndStandsOnItsOwnLine() {
        console.status().set(line);
        line.accept("abcdef");
        written();
        console.note("note");
        assertEquals("\r" + " ".repeat(8) + "\rnote" + System.lineSeparator(), written());
        console.status().release(line);
        console.note("note");
        assertEquals("note" + System.lineSeparator(), written());
    }

    @Test
    void atTheEndOfTheProcessTheBarIsRemovedAndNotDrawnAgain() {
        line.accept("abcdef");
        written();
        line.end();
        assertEquals("\r" + " ".repeat(8) + "\r", written());
        line.accept("abcdef");
        line.close();
        assertEquals("", written());
    }

    @Test
    void clearedLineIsNotWiderThanTheTerminalHasBecome() {
        line.accept("x".repeat(77));
        columns.set(60);
        written();
        line.clear();
        assertTrue(written().length() - 2 < 60);
    }

    @ParameterizedTest
    @CsvSource({"'24 132', 132", "'0 0', 80", "'null', 80", "'stty: no', 80", "'24 x', 80", "'', 80"})
    void widthIsTheSecondNumberOfStty(String answer, int expected) {
        assertEquals(expected, TerminalWidth.columns(answer));
    }
}
