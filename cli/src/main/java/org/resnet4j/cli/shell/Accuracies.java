package org.resnet4j.cli.shell;

import java.util.Locale;

/** Accuracies in messages. */
public final class Accuracies {
    private static final int FIVE = 5;

    private Accuracies() {}

    /** Returns {@code "top-5 99.45 %, "}; nothing if there are at most five classes, of which five are always right. */
    public static String topFive(double share, int classes) {
        return classes > FIVE ? String.format(Locale.ROOT, "top-5 %.2f %%, ", 100 * share) : "";
    }
}
