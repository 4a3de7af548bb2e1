package org.resnet4j.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Atomic replacement of a file: at any time, after any failure, its name refers to the complete old or new contents.
 *
 * <p>The contents are written to a hidden temporary file in the same folder, {@code .NAME.PID.RANDOM.tmp}, forced to
 * disk and renamed over the old file. Then the folder is forced to disk where the system supports it. If the writer
 * fails or the disk is full, the old file is unchanged and the temporary file is deleted. A process killed while
 * writing leaves its temporary file; a later write of the same file deletes it.
 */
public final class AtomicFile {
    /** A temporary file that was not written to for this long belongs to a dead process. */
    private static final Duration ABANDONED = Duration.ofMinutes(10);

    /** A writer of the contents of a file. */
    @FunctionalInterface
    public interface Writer {
        /** Writes the complete contents to the channel, which is initially empty. */
        void write(FileChannel channel) throws IOException;
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
        Path temporary =
                folder.resolve("." + name + "." + ProcessHandle.current().pid() + "." + UUID.randomUUID() + ".tmp");
        try {
            removeAbandoned(folder, name.toString());
            try {
                writeAndForce(temporary, writer);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
            forceFolder(folder);
        } catch (IOException failure) {
            throw new IOException("cannot write " + target + ": " + reason(failure, temporary), failure);
        }
    }

    /**
     * Replaces or creates {@code target} with a text in UTF-8.
     *
     * @throws IOException as {@link #write(Path, Writer)}
     */
    public static void write(Path target, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        write(target, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    private static void writeAndForce(Path temporary, Writer writer) throws IOException {
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writer.write(channel);
            channel.force(true);
        }
    }

    /** Makes the rename itself durable. Only systems with POSIX attributes allow a folder to be opened for this. */
    private static void forceFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static void removeAbandoned(Path folder, String name) throws IOException {
        Pattern pattern = Pattern.compile(Pattern.quote("." + name + ".") + "(\\d{1,18})\\.[0-9a-f-]{36}\\.tmp");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Matcher matcher = pattern.matcher(entry.getFileName().toString());
                if (matcher.matches() && isAbandoned(entry, Long.parseLong(matcher.group(1)))) {
                    Files.deleteIfExists(entry);
                }
            }
        }
    }

    private static boolean isAbandoned(Path temporary, long pid) throws IOException {
        if (ProcessHandle.of(pid).isEmpty()) {
            return true;
        }
        FileTime lastWrite;
        try {
            lastWrite = Files.getLastModifiedTime(temporary);
        } catch (NoSuchFileException finished) {
            return false;
        }
        return lastWrite.toInstant().isBefore(Instant.now().minus(ABANDONED));
    }

    private static String reason(IOException failure, Path temporary) {
        return switch (failure) {
            case NoSuchFileException missing
            when temporary.toString().equals(missing.getFile()) -> "no file can be created in this folder";
            case AccessDeniedException denied -> "permission denied for " + denied.getFile();
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }
}
