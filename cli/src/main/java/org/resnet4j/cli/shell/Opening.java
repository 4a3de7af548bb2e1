package org.resnet4j.cli.shell;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The command that opens a page in the browser of the system. */
public final class Opening {
    private Opening() {}

    /** Returns the command for a file, or the file alone where no command opens it. */
    public static String of(Path file) {
        return of(file, System.getProperty("os.name", ""), System.getenv());
    }

    /**
     * Returns the command for a file on a system.
     *
     * @param system the name of the system, as in the property {@code os.name}
     * @param environment the environment variables
     */
    static String of(Path file, String system, Map<String, String> environment) {
        String name = Program.quoted(file.toString());
        if (system.toLowerCase(Locale.ROOT).startsWith("mac")) {
            return "open " + name;
        }
        boolean screen = environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY");
        return screen && isOnPath("xdg-open", environment.getOrDefault("PATH", "")) ? "xdg-open " + name : name;
    }

    private static boolean isOnPath(String program, String path) {
        return Stream.of(path.split(Pattern.quote(File.pathSeparator), -1))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
