package org.resnet4j.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that tests write again and again. ext4 waits for the disk when a file that was truncated and rewritten is closed,
 * which takes milliseconds; it does not for a new one.
 */
public final class FreshFile {
    private FreshFile() {}

    /** Writes a new file in place of one that may exist. */
    public static Path write(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(file);
        return Files.write(file, content);
    }
}
