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
 * The output folder of a training run.
 *
 * @param path the folder, as the user named it
 */
public record OutputFolder(Path path) {
    /** Returns the files that the run itself writes. */
    private RunFolder files() {
        return new RunFolder(path);
    }

    /** Returns the checkpoint from which a run is resumed. */
    public Path checkpoint() {
        return files().checkpoint();
    }

    /** Returns the metrics file, which has a row for each epoch. */
    public Path metrics() {
        return files().metrics();
    }

    /** Returns the report with curves and sample predictions. */
    public Path report() {
        return path.resolve("report.html");
    }

    /** Returns the file with the options that the run was started with. */
    public Path arguments() {
        return path.resolve("arguments.json");
    }

    /** Returns true if the folder holds a model or a checkpoint. */
    public boolean isTaken() {
        return files().isTaken();
    }

    /**
     * Creates and locks the folder, and checks that files can be written to it, so that this does not fail hours later.
     *
     * @return the lock, to be held until the run ends
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

    /** Removes the checkpoint, the arguments and the report of an earlier run. */
    public void forgetRun() throws IOException {
        Files.deleteIfExists(checkpoint());
        Files.deleteIfExists(arguments());
        Files.deleteIfExists(report());
    }

    public void saveArguments(List<String> arguments) throws IOException {
        AtomicFile.write(arguments(), Json.write(Map.of("arguments", arguments)) + "\n");
    }

    /** Returns the options that the run was started with; empty if they are unknown. */
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
