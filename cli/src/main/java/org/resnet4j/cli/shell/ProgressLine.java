package org.resnet4j.cli.shell;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error that counts images; invisible if standard error is not a terminal. */
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

    /** A consumer that overwrites the line of the cursor. */
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
