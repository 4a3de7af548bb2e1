package org.resnet4j.cli.shell;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;

/**
 * The output streams of a command. Text is written line by line; {@link TerminalText} escapes control characters.
 *
 * @param out standard output, for results
 * @param err standard error, for progress and messages
 * @param terminal true if {@code err} is a terminal: progress is then drawn as a bar, otherwise as lines
 * @param resultTerminal true if {@code out} is a terminal: sentences are then divided between words
 * @param status the last line of the terminal
 */
public record Console(PrintStream out, PrintStream err, boolean terminal, boolean resultTerminal, StatusLine status) {
    /** Creates a console without a progress bar. */
    public Console(PrintStream out, PrintStream err, boolean terminal, boolean resultTerminal) {
        this(out, err, terminal, resultTerminal, new StatusLine());
    }

    /** Creates a console without a progress bar, whose results do not go to a terminal. */
    public Console(PrintStream out, PrintStream err, boolean terminal) {
        this(out, err, terminal, false);
    }

    /** Returns the same console with another standard output, which is not a terminal. */
    public Console withOut(PrintStream other) {
        return new Console(other, err, terminal, false, status);
    }

    /**
     * Writes a line of progress or advice to standard error. A terminal gets several lines if it is too narrow, unless
     * the line contains a command to copy.
     */
    public void note(String line) {
        write("", line);
    }

    /** Writes a line over the line of the cursor, where the terminal may have echoed {@code ^C}. */
    public void noteOnOwnLine(String line) {
        write(terminal ? "\r" : "", line);
    }

    private void write(String start, String line) {
        String visible = TerminalText.visible(TerminalText.shortened(line));
        boolean stays =
                !terminal || visible.length() <= TerminalWidth.FEWEST || visible.contains(Program.typed() + " ");
        String written = start + (stays ? visible : WrappedLine.of(visible, TerminalWidth.measured()));
        status.above(() -> err.println(written));
    }

    /**
     * Writes a sentence of the result to standard output. A terminal gets several lines if it is too narrow.
     *
     * @param whole parts of the line that are not divided, such as paths with spaces
     */
    public void tell(String line, Object... whole) {
        String visible = TerminalText.visible(line);
        boolean stays = !resultTerminal || visible.length() <= TerminalWidth.FEWEST;
        List<String> kept = Stream.of(whole)
                .map(part -> TerminalText.visible(part.toString()))
                .toList();
        out.println(stays ? visible : WrappedLine.of(visible, TerminalWidth.measured(), kept));
    }

    /** Writes a line of the result to standard output as it is: a row of a table, a path, or JSON. */
    public void print(String line) {
        out.println(TerminalText.visible(line));
    }

    public void flush() {
        out.flush();
        err.flush();
    }
}
