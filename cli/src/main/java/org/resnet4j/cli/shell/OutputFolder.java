package org.resnet4j.cli.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

    /** Stores the arguments of a run, and the current folder, relative to this one. */
    public void saveArguments(List<String> arguments) throws IOException {
        saveArguments(arguments, Path.of(""));
    }

    /**
     * Stores the arguments of a run.
     *
     * @param folder the folder that their relative paths refer to; null if it is unknown
     */
    public void saveArguments(List<String> arguments, @Nullable Path folder) throws IOException {
        var stored = new LinkedHashMap<String, Object>();
        stored.put("arguments", arguments);
        if (folder != null) {
            stored.put("folder", relative(folder.toRealPath()));
        }
        AtomicFile.write(arguments(), Json.write(stored) + "\n");
    }

    private String relative(Path folder) throws IOException {
        try {
            return path.toRealPath().relativize(folder).toString();
        } catch (IllegalArgumentException otherDrive) {
            return folder.toString();
        }
    }

    /** Returns the options that the run was started with, with paths for the current folder; empty if unknown. */
    public List<String> readArguments() throws CommandFailure, IOException {
        return storedArguments().here();
    }

    /** Returns the arguments that the run was started with. */
    public StoredArguments storedArguments() throws CommandFailure, IOException {
        if (!Files.exists(arguments())) {
            return new StoredArguments(List.of(), null);
        }
        Map<String, ?> stored = Json.read(arguments());
        Path folder = stored.get("folder") instanceof String relative ? path.resolve(relative) : null;
        if (stored.get("arguments") instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return new StoredArguments(list.stream().map(String.class::cast).toList(), folder);
        }
        throw CommandFailure.input(arguments(), arguments() + ": lacks the list of arguments");
    }
}
