package org.resnet4j.cli.shell;

/**
 * Text on its way to a terminal. Names of files, labels, tensors and operators come from other people, and may hold characters
 * that move the cursor, change colors or turn the direction of writing: those are shown as escapes.
 */
final class TerminalText {
    /** A message says what is wrong and where, which a path may take 4,096 bytes for; the rest is somebody's data. */
    private static final int MAX_MESSAGE = 6000;

    private TerminalText() {}

    /** Returns a line in which every character is visible; tabs stay. */
    static String visible(String line) {
        return line.codePoints().noneMatch(TerminalText::isControl) ? line : escaped(line);
    }

    private static String escaped(String line) {
        var visible = new StringBuilder(line.length() + 16);
        line.codePoints().forEach(point -> {
            if (isControl(point)) {
                visible.append(String.format("\\u%04x", point));
            } else {
                visible.appendCodePoint(point);
            }
        });
        return visible.toString();
    }

    /** Control characters of ASCII and Latin-1, unpaired surrogates, line separators, and what turns the direction of writing. */
    static boolean isControl(int point) {
        return Character.isISOControl(point) && point != '\t'
                || point >= 0xd800 && point <= 0xdfff
                || point >= 0x2028 && point <= 0x202e
                || point >= 0x2066 && point <= 0x2069;
    }

    /** Returns a message cut at a length that a person reads, with the length that it had. */
    static String shortened(String message) {
        return message.length() <= MAX_MESSAGE
                ? message
                : message.substring(0, MAX_MESSAGE) + "… (" + message.length() + " characters)";
    }
}
