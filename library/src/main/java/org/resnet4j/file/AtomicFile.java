package org.resnet4j.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Atomic replacement of a file: at any time, after any failure, its name refers to the complete old or new contents.
 *
 * <p>The contents are written to a hidden temporary file in the same folder, {@code .NAME.PID.RANDOM.tmp}, forced to
 * disk and renamed over the old file. Then the folder is forced to disk where the system supports it. If the writer
 * fails or the disk is full, the old file is unchanged and the temporary file is deleted. A process killed while
 * writing leaves its temporary file; a later write of the same file deletes it.
 */
public final class AtomicFile {
    /** A writer of the contents of a file. */
    @FunctionalInterface
    public interface Writer {
        /** Writes the complete contents to the channel, which is initially empty. */
        void write(FileChannel channel) throws IOException;

        /** Returns a writer of these contents. */
        static Writer of(byte[] contents) {
            return channel -> {
                ByteBuffer bytes = ByteBuffer.wrap(contents);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            };
        }
    }

    private AtomicFile() {}

    /**
     * Replaces or creates {@code target}.
     *
     * @throws IOException if it cannot be written; the message names the file and the reason, and the old file is
     *     unchanged
     */
    public static void write(Path target, Writer writer) throws IOException {
        Path file = target.toAbsolutePath();
        Path folder = file.getParent();
        Path name = file.getFileName();
        if (folder == null || name == null || Files.isDirectory(file)) {
            throw new IOException("cannot write " + target + ": it is a folder");
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException("cannot write " + target + ": there is no folder " + folder);
        }
        Path shown = target.getParent() == null ? Path.of("") : target.getParent();
        AtomicFolder.replace(shown, Map.of(name.toString(), writer));
    }

    /**
     * Replaces or creates {@code target} with a text in UTF-8.
     *
     * @throws IOException as {@link #write(Path, Writer)}
     */
    public static void write(Path target, String text) throws IOException {
        write(target, Writer.of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
