package org.resnet4j.server.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A value that is read from files, and read again when they change. It is looked at when it is used, at most once a second.
 * If the files become unreadable or wrong, the value stays as it was, and the log says so. Thread-safe.
 */
final class WatchedFiles<T> {
    private static final System.Logger LOGGER = System.getLogger(WatchedFiles.class.getName());
    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final List<Path> files;
    private final Reader<T> reader;
    private List<Stamp> stamps;
    private T value;
    private long looked = System.nanoTime();

    /** Reads a value. */
    interface Reader<T> {
        T read() throws IOException;
    }

    private record Stamp(long bytes, FileTime written) {}

    /** @throws IOException if the files cannot be read, or the reader throws it */
    WatchedFiles(List<Path> files, Reader<T> reader) throws IOException {
        this.files = files;
        this.reader = reader;
        stamps = stamps();
        value = reader.read();
    }

    private List<Stamp> stamps() throws IOException {
        var now = new ArrayList<Stamp>();
        for (Path file : files) {
            now.add(new Stamp(Files.size(file), Files.getLastModifiedTime(file)));
        }
        return now;
    }

    /** Returns the value of the files as they are now. */
    synchronized T value() {
        long now = System.nanoTime();
        if (now - looked > INTERVAL_NANOS) {
            looked = now;
            look();
        }
        return value;
    }

    private void look() {
        List<Stamp> now;
        try {
            now = stamps();
        } catch (IOException missing) {
            now = List.of();
        }
        if (now.equals(stamps)) {
            return;
        }
        stamps = now;
        try {
            value = reader.read();
            LOGGER.log(System.Logger.Level.INFO, "{0} is read again", files.getFirst());
        } catch (IOException failure) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "what was read before stays in force: " + failure.getMessage(),
                    failure);
        }
    }
}
