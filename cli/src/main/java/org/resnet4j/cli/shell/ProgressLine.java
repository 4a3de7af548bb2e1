package org.resnet4j.cli.shell;

import java.util.function.IntSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error; invisible if standard error is not a terminal. */
public final class ProgressLine implements AutoCloseable {
    /** The columns that stay free for the {@code ^C} of the terminal; a line as wide as the terminal wraps. */
    private static final int MARGIN = 3;

    private static final int MIN_WIDTH = 10;
    private static final int UPDATE_MILLIS = 200;

    private final Pace pace = new Pace();
    private @Nullable Drawn drawn;

    /**
     * A bar with the terminal that it is drawn on.
     *
     * @param line the line that it is drawn on
     * @param end removes the bar at the end of the process, so that the prompt of the shell does not follow it
     */
    private record Drawn(ProgressBar bar, Line line, TerminalWidth width, Thread end) {
        void close() {
            bar.close();
            line.console.status().release(line);
            width.close();
            try {
                Runtime.getRuntime().removeShutdownHook(end);
            } catch (IllegalStateException _) {
                // The process is ending.
            }
        }
    }

    /** Creates a bar that counts images. */
    public ProgressLine(Console console, String task, long images) {
        this(console, task, images, "images");
    }

    /**
     * Creates a bar.
     *
     * @param unit the unit of the count, in the plural
     */
    public ProgressLine(Console console, String task, long count, String unit) {
        drawn = console.terminal() ? drawn(console, task, count, unit) : null;
    }

    /**
     * Returns a line for work of unknown length: the {@link #message} says what is being done, "starting" without one,
     * and the time since the start follows it.
     */
    public static ProgressLine ofUnknownLength(Console console) {
        return new ProgressLine(console, "starting", 0, "");
    }

    /** Returns a bar; none if the process is ending, where it could not be removed any more. */
    private @Nullable Drawn drawn(Console console, String task, long count, String unit) {
        var width = new TerminalWidth();
        var line = new Line(console, width);
        var end = new Thread(line::end, "resnet4j-progress-end");
        try {
            Runtime.getRuntime().addShutdownHook(end);
        } catch (IllegalStateException _) {
            width.close();
            return null;
        }
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(count)
                .setRenderer(new ProgressText(unit, pace))
                .continuousUpdate() // also after a message, which erases the bar
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setConsumer(line)
                .build();
        console.status().set(line);
        return new Drawn(bar, line, width, end);
    }

    public void advance(long count) {
        if (drawn != null) {
            pace.tick(count, System.nanoTime());
            drawn.bar.stepBy(count);
        }
    }

    public void message(String text) {
        if (drawn != null) {
            drawn.bar.setExtraMessage(text);
        }
    }

    /** Removes the bar. */
    @Override
    public void close() {
        if (drawn != null) {
            drawn.close();
            drawn = null;
        }
    }

    /** A consumer that overwrites the line of the cursor. */
    static final class Line implements ProgressBarConsumer {
        private final Console console;
        private final IntSupplier width;
        private int length;
        private boolean ended;

        /**
         * Creates a consumer.
         *
         * @param width the current number of columns of the terminal
         */
        Line(Console console, IntSupplier width) {
            this.console = console;
            this.width = width;
        }

        @Override
        public int getMaxRenderedLength() {
            return Math.max(MIN_WIDTH, width.getAsInt() - MARGIN);
        }

        @Override
        public void accept(String rendered) {
            synchronized (console.status()) {
                draw(rendered);
            }
        }

        private void draw(String rendered) {
            if (ended) {
                return;
            }
            String text = rendered.substring(0, Math.min(rendered.length(), getMaxRenderedLength()));
            // Written over the former text, but not in columns that the terminal no longer has.
            int former = Math.min(length, getMaxRenderedLength());
            print(text + " ".repeat(Math.max(0, former - text.length())));
            length = text.length();
        }

        @Override
        public void clear() {
            synchronized (console.status()) {
                if (ended) {
                    return;
                }
                int echoed = MARGIN - 1;
                print(" ".repeat(Math.min(length, getMaxRenderedLength()) + echoed) + "\r");
                length = 0;
            }
        }

        /** Removes the bar; nothing is drawn any more. */
        void end() {
            synchronized (console.status()) {
                clear();
                ended = true;
            }
        }

        private void print(String text) {
            console.err().print("\r" + text);
            console.err().flush();
        }

        @Override
        public void close() {
            clear();
        }
    }
}
