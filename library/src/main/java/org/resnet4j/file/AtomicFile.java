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
 * Replaces a file as a whole: at every moment, whatever fails, its name holds the old contents or the new, never a
 * part.
 *
 * <p>The contents go to a hidden temporary file in the same folder, {@code .NAME.PID.RANDOM.tmp}, are forced to disk
 * and renamed over the old file; then the folder is forced to disk where the system can do that. A writer that fails,
 * or a full disk, leaves the old file untouched and no temporary file. A process killed while writing leaves its
 * temporary file; a later write of the same file removes it.
 */
public final class AtomicFile {
    /** A temporary file that nobody has written to for so long was left by a process that is gone. */
    private static final Duration ABANDONED = Duration.ofMinutes(10);

    /** Writes the contents of a file. */
    @FunctionalInterface
    public interface Writer {
        /** Writes everything to the channel, which starts empty. */
        void write(FileChannel channel) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Replaces {@code target}, or makes it.
     *
     * @throws IOException if it cannot be written; the message names the file and the reason, and the old file is whole
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
            throw new IOException("cannot write " + target + ": " + reason(failure), failure);
        }
    }

    /**
     * Replaces {@code target}, or makes it, with a text in UTF-8.
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

    /** Makes the rename itself durable. Only systems with POSIX attributes let a folder be opened for this. */
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

    private static String reason(IOException failure) {
        return switch (failure) {
            case AccessDeniedException denied -> "permission denied for " + denied.getFile();
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }
}
