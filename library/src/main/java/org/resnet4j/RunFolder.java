package org.resnet4j;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.resnet4j.model.ModelFolder;

/**
 * The output folder of a {@link TrainingRun}: a model folder with the best model so far, and the files of the run beside it.
 *
 * @param path the folder
 * @since 0.1.0
 */
public record RunFolder(Path path) {
    /** Returns the file that a run locks while it writes to the folder. It stays, as removing it would let two runs in. */
    Path lockFile() {
        return path.resolve(".lock");
    }

    /** Returns the checkpoint that the run is resumed from. */
    public Path checkpoint() {
        return path.resolve("checkpoint.safetensors");
    }

    /** Returns the CSV file with a row for each epoch. */
    public Path metrics() {
        return path.resolve("metrics.csv");
    }

    /** Returns the folder of the model as the last epoch left it. */
    public Path last() {
        return path.resolve("last");
    }

    /** Returns true if the folder holds a model or a checkpoint. */
    public boolean isTaken() {
        return ModelFolder.isModel(path) || Files.exists(checkpoint());
    }

    /**
     * Makes the folder, checks that files can be written to it, and keeps other runs out of it.
     *
     * @param remarks is told if the file system has no locks
     * @return held until it is closed
     * @throws FolderInUseException if another run holds it
     * @throws IOException if the folder cannot be written to
     */
    public RunLock lock(Consumer<String> remarks) throws IOException {
        try {
            Files.createDirectories(path);
            Path probe = Files.createTempFile(path, ".probe", ".tmp");
            Files.delete(probe);
            return RunLock.take(this, remarks);
        } catch (FolderInUseException taken) {
            throw taken;
        } catch (IOException failure) {
            throw new IOException("cannot write to the folder " + path + ": " + reason(failure), failure);
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
}
