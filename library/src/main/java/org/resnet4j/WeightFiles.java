package org.resnet4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.TensorFile;
import org.resnet4j.weights.safetensors.SafetensorsFile;
import org.resnet4j.weights.safetensors.SafetensorsSource;
import org.resnet4j.weights.torch.TorchFile;
import org.resnet4j.weights.torch.TorchSource;

/** Files of weights of every format that is known: safetensors, and PyTorch's {@code .pth}, {@code .pt}, {@code .th}, {@code .bin}. */
public final class WeightFiles {
    /** A safetensors file has the length of its header, then the header, which is JSON. */
    private static final int HEADER = 8;

    private WeightFiles() {}

    /**
     * Opens a file and checks its structure; its tensors are read when they are asked for. The format is told by what
     * the file begins with, whatever its name is.
     *
     * @throws MalformedFileException if the file breaks its format
     * @throws IOException if the file cannot be read
     */
    public static TensorFile open(Path path) throws IOException {
        return isTorch(path) ? TorchSource.open(path) : SafetensorsSource.open(path);
    }

    /**
     * Reads a file whole.
     *
     * @throws MalformedFileException if the file breaks its format
     * @throws IOException if the file cannot be read
     */
    public static StateDict read(Path path) throws IOException {
        try (TensorFile file = open(path)) {
            return StateDict.copyOf(file);
        }
    }

    /**
     * Writes tensors, in the format that the name's extension tells: {@code .pth}, {@code .pt} and {@code .th} for
     * {@code torch.load}, {@code .safetensors} else. A file that is there is replaced as a whole or not at all.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(Path path, StateDict tensors) throws IOException {
        if (isTorchName(path)) {
            TorchFile.write(path, tensors);
        } else {
            new SafetensorsFile(tensors, Map.of("format", "pt")).write(path);
        }
    }

    /** Whether files of this name are written for {@code torch.load}. */
    public static boolean isTorchName(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.endsWith(".pth") || name.endsWith(".pt") || name.endsWith(".th");
    }

    /** Zip files begin with PK, pickles of protocol 2 and later with 0x80; the first byte of a length may be any. */
    private static boolean isTorch(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return false;
        }
        byte[] start;
        try (var in = Files.newInputStream(path)) {
            start = in.readNBytes(HEADER + 1);
        }
        boolean json = start.length > HEADER && start[HEADER] == '{';
        boolean zip = start.length > 1 && start[0] == 'P' && start[1] == 'K';
        boolean pickle = start.length > 1 && start[0] == (byte) 0x80 && start[1] >= 2 && start[1] <= 5;
        return !json && (zip || pickle);
    }
}
