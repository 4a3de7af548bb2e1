package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Shell;

class SetupCommandTest {
    @TempDir
    private Path folder;

    private static Cli setup(@Nullable String folder) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int code = Shell.commandLine(console, List.of(new SetupCommand(console, folder)))
                .execute("setup");
        return new Cli(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theCachesOfTheLauncherAreReported() throws Exception {
        Files.write(folder.resolve("startup.aot"), new byte[2_000_000]);
        Files.write(folder.resolve("startup-short.aot"), new byte[1_000_000]);
        Files.writeString(folder.resolve("startup.aot.for"), "a JDK");
        Cli cli = setup(folder.toString());
        assertEquals(0, cli.code(), cli.err());
        assertEquals("caches for fast starts in " + folder + ": 3 MB\n", cli.out());
    }

    @Test
    void aFolderWithoutCachesIsAFailure() {
        for (Path place : List.of(folder, folder.resolve("missing"))) {
            Cli cli = setup(place.toString());
            assertEquals(1, cli.code());
            assertTrue(cli.err().contains("no caches in " + place + ": "), cli.err());
        }
        Cli jar = setup(null);
        assertEquals(1, jar.code());
        assertTrue(jar.err().contains("only the launcher"), jar.err());
    }
}
