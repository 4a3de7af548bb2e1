package org.resnet4j.cli.report;

import java.util.List;

/** A section of a page: paragraphs, then plots, tables and pictures. */
public record Section(
        String heading, List<String> paragraphs, List<Plot> plots, List<Table> tables, List<Picture> pictures) {
    public Section {
        paragraphs = List.copyOf(paragraphs);
        plots = List.copyOf(plots);
        tables = List.copyOf(tables);
        pictures = List.copyOf(pictures);
    }

    /** Creates a section without pictures. */
    public Section(String heading, List<String> paragraphs, List<Plot> plots, List<Table> tables) {
        this(heading, paragraphs, plots, tables, List.of());
    }
}
