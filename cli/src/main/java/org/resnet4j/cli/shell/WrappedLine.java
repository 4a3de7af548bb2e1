package org.resnet4j.cli.shell;

import java.util.List;

/** A line divided at spaces, so that a terminal does not divide it within words. */
final class WrappedLine {
    /** Stands for a space that does not divide; the character cannot occur in visible text. */
    private static final char TIED = '\0';

    /** The additional indentation of the lines after the first. */
    private static final int INDENTATION = 4;

    private WrappedLine() {}

    /**
     * Returns the line with line breaks in place of some spaces. Words that are longer than the terminal is wide stay
     * whole, for copying.
     *
     * @param columns the width of the terminal
     */
    static String of(String line, int columns) {
        return of(line, columns, List.of());
    }

    /**
     * Returns the line as {@link #of(String, int)}, without line breaks in some parts of it.
     *
     * @param whole the parts
     */
    static String of(String line, int columns, List<String> whole) {
        String tied = line;
        for (String part : whole) {
            tied = tied.replace(part, part.replace(' ', TIED));
        }
        return divided(tied, columns).replace(TIED, ' ');
    }

    private static String divided(String line, int columns) {
        if (line.length() <= columns) {
            return line;
        }
        int indentation = line.length() - line.stripLeading().length();
        String next = "\n" + " ".repeat(indentation + INDENTATION);
        var wrapped = new StringBuilder();
        int width = 0;
        for (String word : line.substring(indentation).split(" ", -1)) {
            boolean isFirst = wrapped.isEmpty();
            if (!isFirst && width + 1 + word.length() > columns) {
                wrapped.append(next).append(word);
                width = indentation + INDENTATION + word.length();
            } else {
                wrapped.append(isFirst ? " ".repeat(indentation) : " ").append(word);
                width += (isFirst ? indentation : 1) + word.length();
            }
        }
        return wrapped.toString();
    }
}
