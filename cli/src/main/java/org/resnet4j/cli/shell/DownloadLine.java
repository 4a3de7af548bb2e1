package org.resnet4j.cli.shell;

import org.resnet4j.download.DownloadProgress;

/** A reporter of downloads of a megabyte and more on standard error, with a line for each tenth of a file. */
public final class DownloadLine implements DownloadProgress {
    private static final int PARTS = 10;
    private static final long MEGABYTE = 1_000_000;

    private final Console console;
    private String current = "";
    private long told;

    public DownloadLine(Console console) {
        this.console = console;
    }

    @Override
    public void downloaded(String file, long bytes, long total) {
        if (total >= 0 && total < MEGABYTE) {
            return;
        }
        long part = total > 0 ? bytes * PARTS / total : bytes / (PARTS * MEGABYTE);
        if (!file.equals(current)) {
            current = file;
            told = -1;
        }
        if (part > told) {
            told = part;
            console.note("downloading " + file + ": " + bytes / MEGABYTE + " of " + (total > 0 ? total / MEGABYTE : "?")
                    + " MB");
        }
    }

    @Override
    public void note(String message) {
        console.note(message);
    }
}
