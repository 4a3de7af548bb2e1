package org.resnet4j.cli.shell;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.model.ModelFolder;

/**
 * The folder of a training run.
 *
 * @param path as the user named it
 */
public record OutputFolder(Path path) {
    /** The file that a run locks while it writes to the folder. It is never removed: that would let two runs in. */
    Path lock() {
        return path.resolve(".lock");
    }

    /** Where a run goes on from. */
    public Path checkpoint() {
        return path.resolve("checkpoint.safetensors");
    }

    /** A row for each epoch. */
    public Path metrics() {
        return path.resolve("metrics.csv");
    }

    /** Curves and sample predictions, for a browser. */
    public Path report() {
        return path.resolve("report.html");
    }

    /** The model as the last epoch left it. */
    public Path last() {
        return path.resolve("last");
    }

    /** The options that the run was started with. */
    public Path arguments() {
        return path.resolve("arguments.json");
    }

    /** Whether there is something of a run in it. */
    public boolean isTaken() {
        return ModelFolder.isModel(path) || Files.exists(checkpoint());
    }

    /**
     * Makes the folder, keeps other runs out of it, and finds out now, not after hours, whether files can be written to it.
     *
     * @return held until the run is over
     */
    public OutputLock prepare(Console console) throws CommandFailure {
        try {
            Files.createDirectories(path);
            Path probe = Files.createTempFile(path, ".probe", ".tmp");
            Files.delete(probe);
            return OutputLock.take(this, console);
        } catch (IOException failure) {
            throw CommandFailure.failed(
                    path, "--output: cannot write to the folder " + path + ": " + reason(failure), failure);
        }
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case FileAlreadyExistsException _ -> "there is a file of that name";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }

    /** Starts anew: what an earlier run left for resuming is removed, and what it said of itself. */
    public void forgetRun() throws IOException {
        Files.deleteIfExists(checkpoint());
        Files.deleteIfExists(arguments());
        Files.deleteIfExists(report());
    }

    public void saveArguments(List<String> arguments) throws IOException {
        byte[] text = (Json.write(Map.of("arguments", arguments)) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(arguments(), channel -> {
            var bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
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
