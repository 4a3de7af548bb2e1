package org.resnet4j.cli.shell;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The program in messages: commands that the user can copy into a shell. */
public final class Program {
    /** The name of the command in help texts and in the completion script. */
    public static final String NAME = "resnet4j";

    /** Set by the launcher to the name that the user typed, such as {@code ./resnet4j}. */
    public static final String TYPED = "resnet4j.command";

    /** Set to the path of the jar if the user typed {@code java -jar} and that path. */
    public static final String JAR = "resnet4j.jar";

    private Program() {}

    /** Returns the name that the user typed to start the program. */
    public static String typed() {
        String jar = System.getProperty(JAR);
        return jar == null ? quoted(System.getProperty(TYPED, NAME)) : "java -jar " + quoted(jar);
    }

    /** Returns a command line of the program. Words with spaces or other special characters are quoted. */
    public static String command(Object... words) {
        return Stream.concat(Stream.of(typed()), Stream.of(words).map(word -> quoted(word.toString())))
                .collect(Collectors.joining(" "));
    }

    /** Returns a word as it is typed in a shell: within single quotes if it has characters special to a shell. */
    public static String quoted(String word) {
        boolean plain =
                !word.isEmpty() && word.charAt(0) != '~' && word.codePoints().allMatch(Program::isPlain);
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static boolean isPlain(int point) {
        return Character.isLetterOrDigit(point)
                || Character.getType(point) == Character.NON_SPACING_MARK
                || "_-./:=@%+,~".indexOf(point) >= 0;
    }
}
