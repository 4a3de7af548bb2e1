package org.resnet4j.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.file.AtomicFile.Writer;

class AtomicFolderTest {
    private static final Writer FULL = channel -> {
        text("half").write(channel);
        throw new IOException("No space left on device");
    };

    @TempDir
    Path folder;

    private static Writer text(String text) {
        return Writer.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Writer> files(Writer weights, Writer config) {
        var files = new LinkedHashMap<String, Writer>();
        files.put("weights", weights);
        files.put("config", config);
        return files;
    }

    private List<String> names(Path in) throws IOException {
        try (Stream<Path> all = Files.list(in)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFolderIsCreatedAndItsFilesAreReplaced() throws IOException {
        Path model = folder.resolve("above/model");
        AtomicFolder.write(model, files(text("w1"), text("c1")));
        assertEquals(List.of("config", "weights"), names(model));
        Files.writeString(model.resolve("notes"), "kept");
        AtomicFolder.write(model, files(text("w2"), text("c2")));
        assertEquals("w2", Files.readString(model.resolve("weights")));
        assertEquals("c2", Files.readString(model.resolve("config")));
        assertEquals(List.of("config", "notes", "weights"), names(model));
        assertEquals(List.of("model"), names(folder.resolve("above")));
    }

    @Test
    void aFullDiskLeavesNoNewFolder() throws IOException {
        Path model = folder.resolve("model");
        var thrown = assertThrows(IOException.class, () -> AtomicFolder.write(model, files(text("w"), FULL)));
        assertEquals("cannot write " + model.resolve("config") + ": No space left on device", thrown.getMessage());
        assertEquals(List.of(), names(folder));
    }

    @Test
    void aFullDiskLeavesAFolderAsItWas() throws IOException {
        Path model = folder.resolve("model");
        AtomicFolder.write(model, files(text("w1"), text("c1")));
        var thrown = assertThrows(IOException.class, () -> AtomicFolder.write(model, files(text("w2"), FULL)));
        assertEquals("cannot write " + model.resolve("config") + ": No space left on device", thrown.getMessage());
        assertEquals("w1", Files.readString(model.resolve("weights")));
        assertEquals(List.of("config", "weights"), names(model));
    }

    @Test
    void aFolderInThePlaceOfAFileIsFoundBeforeAnythingIsReplaced() throws IOException {
        Files.createDirectories(folder.resolve("config"));
        var thrown = assertThrows(IOException.class, () -> AtomicFolder.write(folder, files(text("w"), text("c"))));
        assertEquals("cannot write " + folder.resolve("config") + ": it is a folder", thrown.getMessage());
        assertEquals(List.of("config"), names(folder));
    }

    @Test
    void aFileInThePlaceOfTheFolderStays() throws IOException {
        Path file = Files.writeString(folder.resolve("model"), "text");
        var thrown = assertThrows(IOException.class, () -> AtomicFolder.write(file, files(text("w"), text("c"))));
        assertTrue(thrown.getMessage().startsWith("cannot write " + file + ": "), thrown.getMessage());
        assertEquals("text", Files.readString(file));
        assertEquals(List.of("model"), names(folder));
    }

    @Test
    void aLockedFolderIsNamedWithoutTheTemporaryName() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"), "needs POSIX permissions");
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeTrue(!Files.isWritable(locked), "this user may write everywhere");
            Path model = locked.resolve("model");
            var thrown = assertThrows(IOException.class, () -> AtomicFolder.write(model, files(FULL, FULL)));
            assertEquals("cannot write " + model + ": permission denied", thrown.getMessage());
        } finally {
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** Stops within the second file, as a process does that is killed. */
    static final class Killed {
        public static void main(String[] arguments) throws IOException {
            AtomicFolder.write(Path.of(arguments[0]), files(text("w"), channel -> {
                text("half").write(channel);
                Runtime.getRuntime().halt(9);
            }));
        }
    }

    @Test
    @Timeout(60)
    void aKilledProcessLeavesNoFolderAndTheNextOneCleansUp() throws IOException, InterruptedException {
        Path model = folder.resolve("model");
        Process killed = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Killed.class.getName(),
                        model.toString())
                .inheritIO()
                .start();
        assertTrue(killed.waitFor(60, TimeUnit.SECONDS));
        assertEquals(9, killed.exitValue());
        assertFalse(Files.exists(model));
        List<String> left = names(folder);
        assertEquals(1, left.size(), left.toString());
        assertTrue(left.getFirst().startsWith(".model."), left.toString());
        AtomicFolder.write(model, files(text("w"), text("c")));
        assertEquals(List.of("model"), names(folder));
        assertEquals(List.of("config", "weights"), names(model));
    }
}
