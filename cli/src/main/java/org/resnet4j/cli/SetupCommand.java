package org.resnet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ExitCode;
import picocli.CommandLine.Command;

/** The {@code setup} command. The launcher creates the caches before it starts this command, which reports them. */
@Command(
        name = "setup",
        mixinStandardHelpOptions = true,
        description = {
            "Create the caches for fast starts now.",
            "The first command that needs them does the same. They are created again for another version or another"
                    + " JDK, and belong to the user who creates them."
        },
        footer = {"", "Example:", "  resnet4j setup"})
final class SetupCommand implements Callable<Integer> {
    /** Set by the launcher to the folder of the caches. */
    private static final String FOLDER = "resnet4j.startup";

    private static final int MEGABYTE = 1_000_000;

    private final Console console;
    private final @Nullable String folder;

    SetupCommand(Console console) {
        this(console, System.getProperty(FOLDER));
    }

    SetupCommand(Console console, @Nullable String folder) {
        this.console = console;
        this.folder = folder;
    }

    @Override
    public Integer call() throws IOException, CommandFailure {
        if (folder == null) {
            throw CommandFailure.failed("only the launcher bin/resnet4j of a distribution has caches to set up");
        }
        List<Path> caches = caches(Path.of(folder));
        if (caches.isEmpty()) {
            throw CommandFailure.failed("no caches in " + folder
                    + ": the folder cannot be written, its disk is full, or this Java cannot create caches");
        }
        long bytes = 0;
        for (Path cache : caches) {
            bytes += Files.size(cache);
        }
        console.tell("caches for fast starts in " + folder + ": " + bytes / MEGABYTE + " MB", folder);
        return ExitCode.DONE.code();
    }

    private static List<Path> caches(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".aot")).toList();
        }
    }
}
