package org.resnet4j.weights.torch;

import java.io.IOException;
import java.nio.file.Path;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;

/**
 * Reading and writing of whole {@code torch.save} files. {@link TorchSource} reads by parts, and documents the
 * supported contents.
 */
public final class TorchFile {
    private TorchFile() {}

    /**
     * Reads the state dict of a file.
     *
     * @throws MalformedFileException if the file is damaged, contains no state dict, or uses anything but plain data
     * @throws IOException if the file cannot be read
     */
    public static StateDict read(Path path) throws IOException {
        try (TorchSource source = TorchSource.open(path)) {
            return StateDict.copyOf(source);
        }
    }

    /**
     * Writes a state dict with {@link AtomicFile}, for {@code torch.load(path, weights_only=True)} of PyTorch 1.6 and
     * later: the tensors as float32, in their order. The same contents give the same bytes.
     *
     * @throws IOException if the file cannot be written; an existing file of that name is unchanged
     */
    public static void write(Path path, StateDict tensors) throws IOException {
        TorchWriter.write(path, tensors, false);
    }
}
