package org.resnet4j.cli.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.resnet4j.FolderInUseException;
import org.resnet4j.RunFolder;
import org.resnet4j.RunLock;
import org.resnet4j.file.AtomicFile;

/**
 * The folder of a training run.
 *
 * @param path as the user named it
 */
public record OutputFolder(Path path) {
    /** Returns the files that the run itself writes. */
    private RunFolder files() {
        return new RunFolder(path);
    }

    /** Where a run goes on from. */
    public Path checkpoint() {
        return files().checkpoint();
    }

    /** A row for each epoch. */
    public Path metrics() {
        return files().metrics();
    }

    /** Curves and sample predictions, for a browser. */
    public Path report() {
        return path.resolve("report.html");
    }

    /** The options that the run was started with. */
    public Path arguments() {
        return path.resolve("arguments.json");
    }

    /** Whether there is something of a run in it. */
    public boolean isTaken() {
        return files().isTaken();
    }

    /**
     * Makes the folder, keeps other runs out of it, and finds out now, not after hours, whether files can be written to it.
     *
     * @return held until the run is over
     */
    public RunLock prepare(Console console) throws CommandFailure {
        try {
            return files().lock(console::note);
        } catch (FolderInUseException taken) {
            throw CommandFailure.failed("--output: " + taken.getMessage());
        } catch (IOException failure) {
            throw CommandFailure.failed(path, "--output: " + failure.getMessage(), failure);
        }
    }

    /** Starts anew: what an earlier run left for resuming is removed, and what it said of itself. */
    public void forgetRun() throws IOException {
        Files.deleteIfExists(checkpoint());
        Files.deleteIfExists(arguments());
        Files.deleteIfExists(report());
    }

    public void saveArguments(List<String> arguments) throws IOException {
        AtomicFile.write(arguments(), Json.write(Map.of("arguments", arguments)) + "\n");
    }

    /** The options that the run was started with; none where it is not known. */
    public List<String> readArguments() throws CommandFailure, IOException {
        if (!Files.exists(arguments())) {
            return List.of();
        }
        Object saved = Json.read(arguments()).get("arguments");
        if (saved instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw CommandFailure.input(arguments(), arguments() + ": lacks the list of arguments");
    }
}
