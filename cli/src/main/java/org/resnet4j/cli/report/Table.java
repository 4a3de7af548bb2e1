package org.resnet4j.cli.report;

import java.util.List;
import java.util.Map;

/**
 * A table.
 *
 * @param caption the caption
 * @param columns the column headings
 * @param rows the rows, each with one cell for each column
 * @param matrix true for a square of small numbers; its column headings are vertical
 */
public record Table(String caption, List<String> columns, List<List<String>> rows, boolean matrix) {
    /** The largest number of rows that is shown at once. */
    private static final int ROWS = 50;

    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** Creates a table that is not a matrix. */
    public Table(String caption, List<String> columns, List<List<String>> rows) {
        this(caption, columns, rows, false);
    }

    /** Returns true if the table is so long that the page shows only its caption until it is opened. */
    public boolean folded() {
        return rows.size() > ROWS;
    }

    /** Returns the number of rows. */
    public int count() {
        return rows.size();
    }

    /** Returns a table of names and values. */
    public static Table of(String caption, Map<String, String> values) {
        return new Table(
                caption,
                List.of("name", "value"),
                values.entrySet().stream()
                        .map(entry -> List.of(entry.getKey(), entry.getValue()))
                        .toList());
    }
}
