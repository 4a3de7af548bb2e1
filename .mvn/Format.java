import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        var unformatted = new ArrayList<Path>();
        int failures = 0;
        for (Path file : sources(project)) {
            String source = Files.readString(file);
            try {
                String formatted = formatter.formatSourceAndFixImports(source);
                if (!formatted.equals(source)) {
                    unformatted.add(project.relativize(file));
                    if (apply) {
                        Files.writeString(file, formatted);
                    }
                }
            } catch (FormatterException e) {
                failures++;
                System.err.println("cannot format " + project.relativize(file) + ": " + e.getMessage());
            }
        }
        if (apply) {
            System.out.println("formatted " + unformatted.size() + " files");
        } else if (!unformatted.isEmpty()) {
            unformatted.forEach(file -> System.err.println("not formatted: " + file));
            System.err.println("run: mvn -N verify -Dformat=apply");
            failures += unformatted.size();
        }
        return failures == 0 ? 0 : 1;
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
