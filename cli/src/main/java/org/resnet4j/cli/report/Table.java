package org.resnet4j.cli.report;

import java.util.List;
import java.util.Map;

/**
 * A table.
 *
 * @param columns the heads
 * @param rows as many cells as there are columns
 */
public record Table(String caption, List<String> columns, List<List<String>> rows) {
    public Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** A table of what has which value. */
    public static Table of(String caption, Map<String, String> values) {
        return new Table(
                caption,
                List.of("what", "value"),
                values.entrySet().stream()
                        .map(entry -> List.of(entry.getKey(), entry.getValue()))
                        .toList());
    }
}
