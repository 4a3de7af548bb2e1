package org.resnet4j.generator;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program that writes the generated classes, or checks that the committed ones are up to date.
 *
 * <p>Usage: {@code java --class-path FORMATTER Generator.java check|apply}, in the project's folder.
 */
final class Generator {
    private Generator() {}

    public static void main(String[] arguments) throws IOException, FormatterException {
        String mode = arguments.length == 1 ? arguments[0] : "";
        switch (mode) {
            case "check" -> System.exit(check(changed()));
            case "apply" -> apply(changed());
            default -> {
                System.err.println("usage: Generator.java check|apply");
                System.exit(2);
            }
        }
    }

    /** A file and its generated text. */
    private record Change(Path file, String text) {}

    private static List<Change> changed() throws IOException, FormatterException {
        var formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .formatJavadoc(false)
                .build());
        var changes = new ArrayList<Change>();
        for (GeneratedClass generated : GeneratedClasses.ALL) {
            Path file = generated.file();
            String text = formatter.formatSourceAndFixImports(generated.source());
            if (!Files.exists(file) || !Files.readString(file).equals(text)) {
                changes.add(new Change(file, text));
            }
        }
        return changes;
    }

    private static int check(List<Change> changes) {
        changes.forEach(change -> System.err.println("out of date: " + change.file()));
        if (changes.isEmpty()) {
            return 0;
        }
        System.err.println("run: mvn verify -pl checks -Dgenerate=apply");
        return 1;
    }

    private static void apply(List<Change> changes) throws IOException {
        for (Change change : changes) {
            Files.createDirectories(change.file().getParent());
            Files.writeString(change.file(), change.text());
        }
        System.out.println("generated " + changes.size() + " files");
    }
}
