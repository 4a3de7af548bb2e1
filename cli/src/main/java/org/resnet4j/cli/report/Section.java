package org.resnet4j.cli.report;

import java.util.List;

/** A part of a page: what it says, then plots, then tables. */
public record Section(String heading, List<String> paragraphs, List<Plot> plots, List<Table> tables) {
    public Section {
        paragraphs = List.copyOf(paragraphs);
        plots = List.copyOf(plots);
        tables = List.copyOf(tables);
    }
}
