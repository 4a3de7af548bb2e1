package org.resnet4j.cli.shell;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on standard error while something counts images; nothing where nobody watches. */
public final class ProgressLine implements AutoCloseable {
    private static final int WIDTH = 96;
    private static final int UPDATE_MILLIS = 200;

    private final @Nullable ProgressBar bar;

    public ProgressLine(Console console, String task, long images) {
        bar = console.terminal()
                ? new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(images)
                        .setUnit(" images", 1)
                        .showSpeed(new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(UPDATE_MILLIS)
                        .setConsumer(new Line(console))
                        .build()
                : null;
    }

    public void advance(long images) {
        if (bar != null) {
            bar.stepBy(images);
        }
    }

    public void message(String text) {
        if (bar != null) {
            bar.setExtraMessage(" " + text);
        }
    }

    /** Removes the bar. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }

    /** Draws over the line that the cursor is in. */
    private record Line(Console console) implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return WIDTH;
        }

        @Override
        public void accept(String rendered) {
            console.err().print("\r" + rendered);
            console.err().flush();
        }

        @Override
        public void clear() {
            console.err().print("\r" + " ".repeat(WIDTH) + "\r");
            console.err().flush();
        }

        @Override
        public void close() {
            clear();
        }
    }
}
