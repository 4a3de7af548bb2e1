package org.resnet4j.cli.shell;

import java.util.Locale;

/** Numbers of things in messages. */
public final class Counted {
    private Counted() {}

    /** Returns a number with its noun: {@code 1 picture}, {@code 2,000 pictures}. */
    public static String of(long count, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }
}
