import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A formatter and format checker of the Java sources of all modules, with palantir-java-format. The build runs it with
 * the JDK that compiles the project, because the formatter parses with the JDK that runs it.
 *
 * <p>Usage: {@code java --class-path FORMATTER Format.java check|apply|skip}, in the project folder.
 */
final class Format {
    private Format() {}

    public static void main(String[] arguments) throws IOException {
        String mode = arguments.length == 1 ? arguments[0] : "";
        switch (mode) {
            case "skip" -> {}
            case "check", "apply" -> System.exit(format(Path.of("").toAbsolutePath(), mode.equals("apply")));
            default -> {
                System.err.println("usage: Format.java check|apply|skip");
                System.exit(2);
            }
        }
    }

    private static int format(Path project, boolean apply) throws IOException {
        var formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .formatJavadoc(false)
                .build());
        // In the order of the files, whatever the threads.
        List<String> problems = sources(project).parallelStream()
                .flatMap(file -> problem(formatter, project, file, apply).stream())
                .toList();
        problems.forEach(System.err::println);
        if (!problems.isEmpty() && !apply) {
            System.err.println("run: mvn verify -pl checks -Dformat=apply");
        }
        return problems.isEmpty() ? 0 : 1;
    }

    /** Checks or formats a file, and returns the reason if it stays unformatted. */
    private static Optional<String> problem(Formatter formatter, Path project, Path file, boolean apply) {
        Path name = project.relativize(file);
        try {
            String source = Files.readString(file);
            String formatted = formatter.formatSourceAndFixImports(source);
            if (formatted.equals(source)) {
                return Optional.empty();
            }
            if (!apply) {
                return Optional.of("not formatted: " + name);
            }
            Files.writeString(file, formatted);
            System.out.println("formatted " + name);
            return Optional.empty();
        } catch (FormatterException e) {
            return Optional.of("cannot format " + name + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> sources(Path project) throws IOException {
        var sources = new ArrayList<Path>();
        for (Path root : List.of(project.resolve(".mvn"), project)) {
            try (Stream<Path> entries = Files.list(root)) {
                for (Path entry : entries.sorted().toList()) {
                    if (root.equals(project)) {
                        javaFiles(entry.resolve("src"), sources);
                    } else {
                        javaFiles(entry, sources);
                    }
                }
            }
        }
        return sources;
    }

    private static void javaFiles(Path root, List<Path> into) throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(into::add);
            }
        }
    }
}
