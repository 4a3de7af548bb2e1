package org.resnet4j.cli.predict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.resnet4j.Classification;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Counted;
import org.resnet4j.cli.shell.Problem;
import org.resnet4j.file.AtomicFile;
import picocli.CommandLine.Option;

/**
 * The CSV file of {@code predict}, with a row for each picture: file, best class and its probability, the further
 * classes, and the reason if the picture could not be read.
 */
final class PredictionTable {
    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "Write the results to this file instead, one row for each picture, for a spreadsheet.")
    private @Nullable Path file;

    @Option(names = "--overwrite", description = "Replace the file of --csv.")
    private boolean overwrite;

    private final List<Row> rows = new ArrayList<>();

    /**
     * The row of a picture.
     *
     * @param error the reason why it could not be read; empty if it was
     */
    private record Row(String file, List<Classification> best, String error) {
        String text(int classes) {
            var text = new StringBuilder(quoted(file));
            for (int i = 0; i < classes; i++) {
                text.append(',');
                if (i < best.size()) {
                    Classification answer = best.get(i);
                    text.append(quoted(answer.label())).append(',');
                    text.append(String.format(Locale.ROOT, "%.6f", answer.probability()));
                } else {
                    text.append(',');
                }
            }
            return text.append(',').append(quoted(error)).append('\n').toString();
        }
    }

    /** Returns true if a file was requested. */
    boolean isWanted() {
        return file != null;
    }

    /** Rejects an existing file. */
    void check() throws CommandFailure {
        if (file != null && !overwrite && Files.exists(file)) {
            throw CommandFailure.input(file, file + " exists; --overwrite replaces it");
        }
    }

    void add(Path picture, List<Classification> best) {
        if (file != null) {
            rows.add(new Row(picture.toString(), best, ""));
        }
    }

    void add(Problem problem) {
        if (file != null) {
            rows.add(new Row(String.valueOf(problem.file()), List.of(), problem.message()));
        }
    }

    /**
     * Writes the file, if one was requested, and says so.
     *
     * @param classes the number of classes in a row
     */
    void write(int classes, Console console) throws IOException {
        if (file == null) {
            return;
        }
        var text = new StringBuilder("file");
        for (int i = 1; i <= classes; i++) {
            String suffix = i == 1 ? "" : "_" + i;
            text.append(",label").append(suffix).append(",probability").append(suffix);
        }
        text.append(",error\n");
        rows.forEach(row -> text.append(row.text(classes)));
        AtomicFile.write(file, text.toString());
        long failed = rows.stream().filter(row -> !row.error().isEmpty()).count();
        console.note(Counted.of(rows.size() - failed, "picture") + " classified"
                + (failed == 0 ? "" : ", " + Counted.of(failed, "row") + " with an error") + ": " + file);
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(character -> character == ',' || character == '"' || character < ' ');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
