package org.resnet4j.cli.shell;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.util.function.IntSupplier;
import org.jline.utils.Signals;

/**
 * The width of the terminal, measured once and again after each change of its size. Measuring starts a process, so
 * only progress bars and long messages do.
 */
final class TerminalWidth implements IntSupplier, AutoCloseable {
    /** The width of a terminal that cannot be measured. */
    static final int USUAL = 80;

    /** Lines of this length are written without measuring. */
    static final int FEWEST = 60;

    private static final String RESIZED = "WINCH";

    private final Object former;
    private volatile int columns;

    /** Measures the terminal and listens for changes of its size. */
    TerminalWidth() {
        former = Signals.register(RESIZED, () -> columns = measured());
        columns = measured();
    }

    /** Returns the current number of columns. */
    @Override
    public int getAsInt() {
        return columns;
    }

    @Override
    public void close() {
        Signals.unregister(RESIZED, former);
    }

    /**
     * Returns the number of columns of the controlling terminal. Standard error itself is of no use here: the launcher
     * pipes it through a filter.
     */
    static int measured() {
        var stty = new ProcessBuilder("stty", "size")
                .redirectInput(new File("/dev/tty"))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        try (BufferedReader answer = stty.start().inputReader()) {
            return columns(String.valueOf(answer.readLine()));
        } catch (IOException _) {
            return USUAL; // no terminal, or a system without stty
        }
    }

    /** Returns the number of columns in an answer of {@code stty size}: rows, then columns; both are 0 if unknown. */
    static int columns(String answer) {
        String[] words = answer.split(" ", -1);
        try {
            int columns = words.length == 2 ? Integer.parseInt(words[1]) : 0;
            return columns > 0 ? columns : USUAL;
        } catch (NumberFormatException _) {
            return USUAL;
        }
    }
}
