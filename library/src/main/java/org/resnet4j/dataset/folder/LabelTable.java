package org.resnet4j.dataset.folder;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.InvalidDatasetException;

/**
 * A table of files and their classes, in CSV (RFC 4180) with commas, semicolons or tabs.
 *
 * @param source the file, for messages
 * @param rows the rows below the header
 * @param file the column of the files
 * @param label the column of the classes
 * @param part the column of the parts; -1 if there is none
 */
record LabelTable(String source, List<Row> rows, int file, int label, int part) {
    /** A row and its line in the file. */
    record Row(int line, List<String> cells) {}

    private static final Set<String> FILE =
            Set.of("file", "filename", "file_name", "filepath", "path", "image", "image_id", "id", "img", "picture");
    private static final Set<String> LABEL =
            Set.of("label", "class", "category", "target", "species", "breed", "label_name", "class_name");
    private static final Set<String> PART = Set.of("split", "subset", "set", "part", "partition");

    /**
     * Reads a table.
     *
     * @param isFile returns true for the name of a picture of the dataset
     * @throws InvalidDatasetException if the columns of files and classes are not certain
     * @throws IOException if the file cannot be read
     */
    static LabelTable read(Path csv, Predicate<String> isFile) throws IOException {
        String source = csv.toString();
        String text;
        try {
            text = Files.readString(csv, StandardCharsets.UTF_8);
        } catch (CharacterCodingException notUtf8) {
            throw new InvalidDatasetException(source, "is not in UTF-8", notUtf8);
        }
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        List<Row> rows = CsvText.rows(source, text);
        if (rows.isEmpty()) {
            throw new InvalidDatasetException(source, "has no rows");
        }
        List<String> first = rows.getFirst().cells();
        boolean headed = first.stream().noneMatch(isFile);
        List<Row> body = headed ? rows.subList(1, rows.size()) : rows;
        List<String> names = headed
                ? first.stream()
                        .map(name -> name.strip().toLowerCase(Locale.ROOT))
                        .toList()
                : List.of();
        int width = first.size();
        int file = column(names, FILE);
        if (file < 0 || body.stream().noneMatch(row -> isFile.test(cell(row, file)))) {
            int seen = columnOfFiles(body, width, isFile);
            return new LabelTable(source, body, seen, labels(source, first, names, width, seen), column(names, PART))
                    .checked();
        }
        return new LabelTable(source, body, file, labels(source, first, names, width, file), column(names, PART))
                .checked();
    }

    private LabelTable checked() throws InvalidDatasetException {
        if (file < 0) {
            throw new InvalidDatasetException(
                    source, "no column has names of pictures of the dataset; write their paths below the source");
        }
        return this;
    }

    private static int column(List<String> names, Set<String> wanted) {
        return IntStream.range(0, names.size())
                .filter(i -> wanted.contains(names.get(i)))
                .findFirst()
                .orElse(-1);
    }

    private static int columnOfFiles(List<Row> body, int width, Predicate<String> isFile) {
        return IntStream.range(0, width)
                .filter(i -> body.stream().anyMatch(row -> isFile.test(cell(row, i))))
                .findFirst()
                .orElse(-1);
    }

    private static int labels(String source, List<String> first, List<String> names, int width, int file)
            throws InvalidDatasetException {
        int named = column(names, LABEL);
        if (named >= 0) {
            return named;
        }
        int part = column(names, PART);
        int[] others =
                IntStream.range(0, width).filter(i -> i != file && i != part).toArray();
        if (others.length != 1) {
            throw new InvalidDatasetException(
                    source,
                    "which column has the classes is not certain: the first row is " + Quoted.list(first)
                            + "; call the column 'label', and that of the pictures 'file'");
        }
        return others[0];
    }

    /** Returns a cell; empty if the row is shorter. */
    static String cell(Row row, int column) {
        return column < 0 || column >= row.cells().size()
                ? ""
                : row.cells().get(column).strip();
    }

    /** Returns the part of a row; null if there is no such column, or it names no part. */
    PartName.@Nullable Part part(Row row) {
        PartName name = PartName.of(cell(row, part));
        return name == null ? null : name.part();
    }

    /** The rows of a text. */
    private static final class CsvText {
        private final List<Row> rows = new ArrayList<>();
        private final StringBuilder cell = new StringBuilder();
        private List<String> cells = new ArrayList<>();
        private int line = 1;

        static List<Row> rows(String source, String text) throws InvalidDatasetException {
            var parser = new CsvText();
            if (!parser.parse(text, separator(text))) {
                throw new InvalidDatasetException(source, "a quoted cell is not closed");
            }
            return parser.rows;
        }

        private static char separator(String text) {
            String first = text.lines().findFirst().orElse("");
            for (char candidate : new char[] {'\t', ';', ','}) {
                if (first.indexOf(candidate) >= 0) {
                    return candidate;
                }
            }
            return ',';
        }

        /** Returns false if a quoted cell is not closed. */
        private boolean parse(String text, char separator) {
            boolean quoted = false;
            int begun = 1;
            for (int i = 0; i < text.length(); i++) {
                char character = text.charAt(i);
                if (quoted && character == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else if (character == '"' && (quoted || cell.isEmpty())) {
                    quoted = !quoted;
                } else if (!quoted && character == separator) {
                    endCell();
                } else if (!quoted && character == '\n') {
                    endRow(begun);
                    begun = line + 1;
                } else {
                    cell.append(character);
                }
                if (character == '\n') {
                    line++;
                }
            }
            endRow(begun);
            return !quoted;
        }

        private void endCell() {
            cells.add(cell.toString());
            cell.setLength(0);
        }

        private void endRow(int begun) {
            endCell();
            if (cells.stream().anyMatch(value -> !value.isBlank())) {
                rows.add(new Row(begun, List.copyOf(cells)));
            }
            cells = new ArrayList<>();
        }
    }
}
