package org.resnet4j.support;

/** Printable text for messages about files: short, and without control characters that move the cursor. */
public final class Printable {
    private static final int MAX_LENGTH = 120;

    private Printable() {}

    public static String text(String text) {
        String start = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
        return start.codePoints()
                .map(point -> Character.isISOControl(point)
                                || Character.getType(point) == Character.FORMAT
                                || Character.getType(point) == Character.SURROGATE
                        ? '?'
                        : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
