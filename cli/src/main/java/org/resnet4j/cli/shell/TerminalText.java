package org.resnet4j.cli.shell;

/**
 * Escaping of text for a terminal. File names, labels, and names of tensors and operators may come from untrusted
 * sources. They may contain characters that move the cursor, change colors or reverse the direction of writing; these
 * are shown as escapes.
 */
final class TerminalText {
    /** Enough for a message with a path of up to 4,096 bytes; anything longer is untrusted data. */
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

    /**
     * Returns true for control characters of ASCII and Latin-1, unpaired surrogates, line separators, and characters
     * that change the direction of writing.
     */
    static boolean isControl(int point) {
        return Character.isISOControl(point) && point != '\t'
                || point >= 0xd800 && point <= 0xdfff
                || point >= 0x2028 && point <= 0x202e
                || point >= 0x2066 && point <= 0x2069;
    }

    /** Returns a message cut to a readable length, with its original length. */
    static String shortened(String message) {
        return message.length() <= MAX_MESSAGE
                ? message
                : message.substring(0, MAX_MESSAGE) + "… (" + message.length() + " characters)";
    }
}
