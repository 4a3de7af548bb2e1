package org.resnet4j;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.resnet4j.model.ModelFolder;

/**
 * The output folder of a {@link TrainingRun}: a model folder with the best model so far, and the files of the run.
 *
 * @param path the folder
 * @since 0.1.0
 */
public record RunFolder(Path path) {
    /**
     * Returns the file that a run locks while it writes to the folder. It is never deleted: deletion would let two runs
     * lock the folder at once.
     */
    Path lockFile() {
        return path.resolve(".lock");
    }

    /** Returns the checkpoint from which the run is resumed. */
    public Path checkpoint() {
        return path.resolve("checkpoint.safetensors");
    }

    /** Returns the CSV file with a row for each epoch. */
    public Path metrics() {
        return path.resolve("metrics.csv");
    }

    /** Returns the folder of the model after the last epoch. */
    public Path last() {
        return path.resolve("last");
    }

    /** Returns true if the folder holds a model or a checkpoint. */
    public boolean isTaken() {
        return ModelFolder.isModel(path) || Files.exists(checkpoint());
    }

    /**
     * Creates the folder, checks that it is writable, and locks out other runs.
     *
     * @param remarks receives a message if the file system does not support locks
     * @return the lock, held until it is closed
     * @throws FolderInUseException if another run holds it
     * @throws IOException if the folder is not writable
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
            case NoSuchFileException _ -> "it cannot be created, or holds no files";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }
}
