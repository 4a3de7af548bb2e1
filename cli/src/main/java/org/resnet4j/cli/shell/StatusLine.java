package org.resnet4j.cli.shell;

import org.jspecify.annotations.Nullable;

/** The last line of a terminal, on which a progress bar may be drawn. Other lines are written above it. */
public final class StatusLine {
    private ProgressLine.@Nullable Line drawn;

    /** Sets the text that is drawn on the line. */
    synchronized void set(ProgressLine.Line line) {
        drawn = line;
    }

    /** Releases the line, if it is still this one's. */
    synchronized void release(ProgressLine.Line line) {
        if (drawn == line) {
            drawn = null;
        }
    }

    /** Erases the line and writes others in its place; a progress bar is drawn again below them. */
    synchronized void above(Runnable writing) {
        if (drawn != null) {
            drawn.clear();
        }
        writing.run();
    }
}
