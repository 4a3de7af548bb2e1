package org.resnet4j.dataset.folder;

import org.jspecify.annotations.Nullable;

/** The encoding of file names, which the JVM takes from the locale when it starts. */
public final class NameEncoding {
    /** Replaces bytes that the encoding does not have. */
    public static final char NO_CHARACTER = '\uFFFD';

    private NameEncoding() {}

    /** Returns the name of the encoding. */
    public static @Nullable String name() {
        return System.getProperty("sun.jnu.encoding");
    }

    /** Returns the reason why a name is not a path, and the remedy. */
    public static String remedy() {
        return "has characters that " + name() + ", the encoding of file names, does not have; set LC_ALL=C.UTF-8"
                + " in the environment before Java starts";
    }

    /** Returns true if a name has characters beyond ASCII, or lost some. */
    public static boolean isAffected(String name) {
        return name.chars().anyMatch(character -> character > '~');
    }
}
