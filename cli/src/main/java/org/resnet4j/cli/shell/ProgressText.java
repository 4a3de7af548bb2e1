package org.resnet4j.cli.shell;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * The text of a progress bar. What does not fit into the line is left out, the least important part first.
 *
 * @param unit the unit of the count, in the plural
 * @param pace the speed of the count
 */
record ProgressText(String unit, Pace pace) implements ProgressBarRenderer {
    private static final int NARROWEST_BAR = 10;
    private static final int WIDEST_BAR = 40;
    private static final double NANOS = 1e9;

    @Override
    public String render(ProgressState progress, int columns) {
        String message = progress.getExtraMessage().strip();
        if (progress.getMax() <= 0) {
            return ofUnknownLength(
                    message.isEmpty() ? progress.getTaskName() : message,
                    progress.getElapsedAfterStart().toNanos() / NANOS,
                    columns);
        }
        return line(
                progress.getTaskName(), progress.getCurrent(), progress.getMax(), pace.perSecond(), message, columns);
    }

    /** Returns the line of work of unknown length; the time takes precedence over the end of a long message. */
    static String ofUnknownLength(String message, double seconds, int columns) {
        String time = "  " + time(Math.floor(seconds));
        int room = Math.max(0, columns - time.length());
        String shown = message.length() <= room ? message : message.substring(0, Math.max(0, room - 1)) + "\u2026";
        return (shown + time).substring(0, Math.min(columns, shown.length() + time.length()));
    }

    /**
     * Returns the line.
     *
     * @param perSecond the speed; NaN if it is unknown
     * @param message an additional text; may be empty
     * @param columns the longest permitted line
     */
    String line(String task, long done, long all, double perSecond, String message, int columns) {
        double share = all <= 0 ? 0 : Math.min(1, (double) done / all);
        String start = String.format(Locale.ROOT, "%s %3d%%", task, (long) (100 * share));
        var rest = new StringBuilder();
        for (String part : parts(done, all, perSecond, message)) {
            if (start.length() + NARROWEST_BAR + 3 + rest.length() + 2 + part.length() <= columns) {
                rest.append("  ").append(part);
            }
        }
        int bar = Math.min(WIDEST_BAR, columns - start.length() - 3 - rest.length());
        if (bar < NARROWEST_BAR) {
            return start.substring(0, Math.min(start.length(), columns));
        }
        int full = (int) (share * bar);
        return start + " [" + "=".repeat(full) + " ".repeat(bar - full) + "]" + rest;
    }

    /** Returns what stands beside the bar, the most important part first. */
    private List<String> parts(long done, long all, double perSecond, String message) {
        String count = done + "/" + all;
        if (Double.isNaN(perSecond)) {
            return message.isEmpty() ? List.of(count) : List.of(message, count);
        }
        String left = time((all - done) / perSecond) + " left";
        String speed = String.format(Locale.ROOT, "%.0f %s/s", perSecond, unit);
        return message.isEmpty() ? List.of(left, speed, count) : List.of(message, left, speed, count);
    }

    /** Returns a duration of the form {@code 0:45} or {@code 1:02:03}. */
    private static String time(double seconds) {
        var duration = Duration.ofSeconds((long) Math.ceil(seconds));
        return duration.toHours() == 0
                ? String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart())
                : String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d",
                        duration.toHours(),
                        duration.toMinutesPart(),
                        duration.toSecondsPart());
    }
}
