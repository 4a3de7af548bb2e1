package org.resnet4j.cli.shell;

import java.io.PrintStream;

/**
 * The streams of a command. Characters that are not text are written as escapes ({@link TerminalText}), a line at a time.
 *
 * @param out results
 * @param err progress and messages
 * @param terminal whether a person watches {@code err}: then progress is drawn as a bar, else as lines
 */
public record Console(PrintStream out, PrintStream err, boolean terminal) {
    /** Writes a line of progress or advice. */
    public void note(String line) {
        err.println(TerminalText.visible(TerminalText.shortened(line)));
    }

    /** Writes a line of the result. */
    public void print(String line) {
        out.println(TerminalText.visible(line));
    }

    public void flush() {
        out.flush();
        err.flush();
    }
}
