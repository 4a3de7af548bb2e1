package org.resnet4j.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private static final String SENTENCE = "accuracy ".repeat(1000).strip();
    private static final String PATH = "my photos/".repeat(1000).strip();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void sentencesOfTheResultAreDividedBetweenWordsInATerminal() {
        new Console(out, out, false, true).tell(SENTENCE);

        assertTrue(written().lines().count() > 1, written());
        assertTrue(written().lines().allMatch(line -> line.strip().matches("(accuracy ?)+")), "no word is divided");
    }

    @Test
    void sentencesOfTheResultStayOneLineInAFile() {
        new Console(out, out, true, false).tell(SENTENCE);

        assertEquals(SENTENCE, written().strip());
    }

    @Test
    void pathsTablesAndJsonStayWholeInATerminal() {
        var console = new Console(out, out, true, true);
        console.tell("saved in " + PATH, PATH);
        console.print(SENTENCE);

        assertTrue(written().contains(PATH), "the path is whole");
        assertTrue(written().contains(SENTENCE), "the row is whole");
    }
}
