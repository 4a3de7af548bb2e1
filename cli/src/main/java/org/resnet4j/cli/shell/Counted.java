package org.resnet4j.cli.shell;

import java.util.Locale;

/** Numbers of things in messages. */
public final class Counted {
    private Counted() {}

    /** Returns a number with its noun: {@code 1 picture}, {@code 2,000 pictures}. */
    public static String of(long count, String noun) {
        return of(count, noun, noun + "s");
    }

    /** Returns a number with its noun: {@code 1 batch}, {@code 20 batches}. */
    public static String of(long count, String one, String several) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : several);
    }
}
