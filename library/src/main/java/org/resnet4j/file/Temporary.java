package org.resnet4j.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hidden temporary files and folders, {@code .NAME.PID.RANDOM.tmp}, that are renamed to their name once complete. */
final class Temporary {
    /** One that was not written to for this long belongs to a dead process. */
    private static final Duration ABANDONED = Duration.ofMinutes(10);

    private Temporary() {}

    /** Returns a new temporary name for a file or folder {@code name} in a folder. */
    static Path of(Path folder, String name) {
        return folder.resolve("." + name + "." + ProcessHandle.current().pid() + "." + UUID.randomUUID() + ".tmp");
    }

    static void writeAndForce(Path temporary, AtomicFile.Writer writer) throws IOException {
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writer.write(channel);
            channel.force(true);
        }
    }

    /** Makes the rename itself durable. Only systems with POSIX attributes allow a folder to be opened for this. */
    static void forceFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Deletes what killed processes left of earlier attempts to write {@code name}. */
    static void removeAbandoned(Path folder, String name) throws IOException {
        Pattern pattern = Pattern.compile(Pattern.quote("." + name + ".") + "(\\d{1,18})\\.[0-9a-f-]{36}\\.tmp");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                Matcher matcher = pattern.matcher(entry.getFileName().toString());
                if (matcher.matches() && isAbandoned(entry, Long.parseLong(matcher.group(1)))) {
                    delete(entry);
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

    /** Returns the reason of a failure, without the temporary name. */
    static String reason(IOException failure, Path temporary) {
        return switch (failure) {
            case NoSuchFileException missing
            when isBelow(temporary, missing) -> "no file can be created in this folder";
            case AccessDeniedException denied when isBelow(temporary, denied) -> "permission denied";
            case AccessDeniedException denied -> "permission denied for " + denied.getFile();
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }

    private static boolean isBelow(Path temporary, FileSystemException failure) {
        return failure.getFile() != null && Path.of(failure.getFile()).startsWith(temporary);
    }

    /** Deletes a file, or a folder with its files, if it exists. */
    static void delete(Path temporary) throws IOException {
        if (Files.isDirectory(temporary, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(temporary)) {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
            }
        }
        Files.deleteIfExists(temporary);
    }
}
