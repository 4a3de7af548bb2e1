package org.resnet4j.cli.shell;

import java.io.PrintStream;

/**
 * The output streams of a command. Text is written line by line; {@link TerminalText} escapes control characters.
 *
 * @param out standard output, for results
 * @param err standard error, for progress and messages
 * @param terminal true if {@code err} is a terminal: progress is then drawn as a bar, otherwise as lines
 * @param status the last line of the terminal
 */
public record Console(PrintStream out, PrintStream err, boolean terminal, StatusLine status) {
    /** Creates a console without a progress bar. */
    public Console(PrintStream out, PrintStream err, boolean terminal) {
        this(out, err, terminal, new StatusLine());
    }

    /** Returns the same console with another standard output. */
    public Console withOut(PrintStream other) {
        return new Console(other, err, terminal, status);
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

    /** Writes a line of the result to standard output. */
    public void print(String line) {
        out.println(TerminalText.visible(line));
    }

    public void flush() {
        out.flush();
        err.flush();
    }
}
