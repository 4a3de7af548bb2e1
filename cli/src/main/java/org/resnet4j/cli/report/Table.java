package org.resnet4j.cli.report;

import java.util.List;
import java.util.Map;

/**
 * A table.
 *
 * @param caption the caption
 * @param columns the column headings
 * @param rows the rows, each with one cell for each column
 */
public record Table(String caption, List<String> columns, List<List<String>> rows) {
    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
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
