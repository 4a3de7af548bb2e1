package org.resnet4j.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void makesAFileAndReplacesIt() throws IOException {
        Path file = folder.resolve("model.bin");
        write(file, "first, which is longer");
        write(file, "second");
        assertEquals("second", Files.readString(file));
        assertEquals(List.of("model.bin"), names());
    }

    @Test
    void failingWriterLeavesTheOldFileAndNoTemporaryFile() throws IOException {
        Path file = folder.resolve("model.bin");
        write(file, "old");
        IOException thrown = assertThrows(
                IOException.class,
                () -> AtomicFile.write(file, channel -> {
                    channel.write(bytes("half of the new"));
                    throw new IOException("No space left on device");
                }));
        assertEquals("cannot write " + file + ": No space left on device", thrown.getMessage());
        assertThrows(
                IllegalStateException.class,
                () -> AtomicFile.write(file, channel -> {
                    throw new IllegalStateException("a bug");
                }));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("model.bin"), names());
    }

    @Test
    void missingFolderIsNamed() {
        Path missing = folder.resolve("missing");
        IOException thrown = assertThrows(IOException.class, () -> write(missing.resolve("model.bin"), "x"));
        assertEquals(
                "cannot write " + missing.resolve("model.bin") + ": there is no folder " + missing,
                thrown.getMessage());
    }

    @Test
    void folderIsNotReplaced() {
        IOException thrown = assertThrows(IOException.class, () -> write(folder, "x"));
        assertEquals("cannot write " + folder + ": it is a folder", thrown.getMessage());
    }

    /** The process file system rejects a new file with an exception that has no reason. */
    @Test
    void aFolderThatTakesNoFilesIsSaidWithoutTheTemporaryName() {
        Path target = Path.of("/proc/resnet4j.bin");
        assumeTrue(Files.isWritable(Path.of("/proc")), "needs Linux and the superuser");
        IOException thrown = assertThrows(IOException.class, () -> write(target, "x"));
        assertEquals("cannot write " + target + ": no file can be created in this folder", thrown.getMessage());
    }

    @Test
    void lockedFolderIsNamed() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"), "needs POSIX permissions");
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeTrue(!Files.isWritable(locked), "this user may write everywhere");
            IOException thrown = assertThrows(IOException.class, () -> write(locked.resolve("model.bin"), "x"));
            assertTrue(thrown.getMessage().contains("permission denied"), thrown.getMessage());
        } finally {
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void leftoversOfKilledWritersAreRemovedAndOthersKept() throws IOException {
        String random = ".01234567-89ab-cdef-0123-456789abcdef.tmp";
        long alive = ProcessHandle.current().pid();
        Path ofDead = Files.createFile(folder.resolve(".model.bin.999999999999" + random));
        Path ofLiving = Files.createFile(folder.resolve(".model.bin." + alive + random));
        Path old = Files.createFile(folder.resolve(".model.bin." + alive + random.replace('7', '8')));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        Path ofOtherFile = Files.createFile(folder.resolve(".other.bin.999999999999" + random));
        write(folder.resolve("model.bin"), "x");
        assertTrue(Files.notExists(ofDead));
        assertTrue(Files.notExists(old));
        assertTrue(Files.exists(ofLiving));
        assertTrue(Files.exists(ofOtherFile));
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, channel -> channel.write(bytes(text)));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
