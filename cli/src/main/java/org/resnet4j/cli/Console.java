package org.resnet4j.cli;

import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err progress and messages
 * @param terminal whether a person watches {@code err}: then progress is drawn as a bar, else as lines
 */
record Console(PrintStream out, PrintStream err, boolean terminal) {
    /** Writes a line of progress or advice. */
    void note(String line) {
        err.println(line);
    }

    /** Writes a line of the result. */
    void print(String line) {
        out.println(line);
    }

    void flush() {
        out.flush();
        err.flush();
    }
}
