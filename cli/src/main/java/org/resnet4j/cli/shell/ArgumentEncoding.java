package org.resnet4j.cli.shell;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The encoding of arguments, file names and output, which the JVM takes from the locale. The launcher selects a locale
 * with UTF-8; a program that is started with {@code java} may have one with ASCII, as in a container or from cron.
 */
public final class ArgumentEncoding {
    private static final char LOST = '\uFFFD';

    private ArgumentEncoding() {}

    /** Returns the failure of a call with an argument whose characters were lost; empty if there is none. */
    public static Optional<CommandFailure> failure(List<String> arguments) {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        if (encoding.equals("UTF-8")) {
            return Optional.empty(); // a name may contain this character
        }
        return arguments.stream()
                .filter(argument -> argument.indexOf(LOST) >= 0)
                .findFirst()
                .map(argument -> CommandFailure.input(
                        argument,
                        "the argument '" + argument + "' contains bytes that are not valid in " + encoding
                                + ", the encoding of this locale; set LC_ALL=C.UTF-8 before Java starts"));
    }

    /** Returns the charset for a stream: UTF-8 in place of ASCII, which is a part of it. */
    public static Charset charset(PrintStream stream) {
        return stream.charset().equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : stream.charset();
    }
}
