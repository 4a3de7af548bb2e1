package org.resnet4j.cli.report;

import java.util.List;

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
}
