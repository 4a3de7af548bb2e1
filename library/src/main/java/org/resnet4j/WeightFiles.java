package org.resnet4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.resnet4j.onnx.OnnxSource;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.TensorFile;
import org.resnet4j.weights.safetensors.SafetensorsFile;
import org.resnet4j.weights.safetensors.SafetensorsSource;
import org.resnet4j.weights.torch.TorchFile;
import org.resnet4j.weights.torch.TorchSource;

/**
 * Files of weights of every format that is known: safetensors, PyTorch's {@code .pth}, {@code .pt}, {@code .th} and
 * {@code .bin}, and ONNX.
 */
public final class WeightFiles {
    /** A safetensors file has the length of its header, then the header, which is JSON. */
    private static final int HEADER = 8;

    /** ONNX files begin with the version of the format: its tag in protobuf. */
    private static final byte ONNX_START = 1 << 3;

    private WeightFiles() {}

    private enum Format {
        SAFETENSORS,
        TORCH,
        ONNX,
        UNKNOWN
    }

    /**
     * Opens a file and checks its structure; its tensors are read when they are asked for. The format is told by what
     * the file begins with, whatever its name is. Of ONNX files those of the catalogue's networks are known.
     *
     * @throws MalformedFileException if the file breaks its format
     * @throws IOException if the file cannot be read
     */
    public static TensorFile open(Path path) throws IOException {
        return switch (format(path)) {
            case SAFETENSORS, UNKNOWN -> SafetensorsSource.open(path); // which says what is wrong

            case TORCH -> TorchSource.open(path);
            case ONNX -> OnnxSource.open(path);
        };
    }

    /**
     * As {@link #open(Path)}, where the network is known: an ONNX file must have its graph.
     *
     * @param spec the network; its number of classes and of the images' channels do not matter
     * @throws MalformedFileException if the file breaks its format, or its graph is another
     * @throws IOException if the file cannot be read
     */
    public static TensorFile open(Path path, ResNetSpec spec) throws IOException {
        return format(path) == Format.ONNX ? OnnxSource.open(path, spec) : open(path);
    }

    /**
     * The network that a file of weights is of, where the file tells: only ONNX files do.
     *
     * @throws MalformedFileException if an ONNX file breaks its format, or is of no network of the catalogue
     * @throws IOException if the file cannot be read
     */
    public static Optional<ResNetSpec> network(Path path) throws IOException {
        if (format(path) != Format.ONNX) {
            return Optional.empty();
        }
        try (OnnxSource source = OnnxSource.open(path)) {
            return Optional.of(source.spec());
        }
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

    /**
     * Whether a file begins as files of weights do.
     *
     * @throws IOException if the file cannot be read
     */
    public static boolean isWeights(Path path) throws IOException {
        return !Files.isDirectory(path) && format(path) != Format.UNKNOWN;
    }

    /** Zip files begin with PK, pickles of protocol 2 and later with 0x80; the first byte of a length may be any. */
    private static Format format(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return Format.UNKNOWN;
        }
        byte[] start;
        try (var in = Files.newInputStream(path)) {
            start = in.readNBytes(HEADER + 1);
        }
        if (start.length > HEADER && start[HEADER] == '{') {
            return Format.SAFETENSORS;
        }
        if (start.length < 2) {
            return Format.UNKNOWN;
        }
        if ((start[0] == 'P' && start[1] == 'K') || (start[0] == (byte) 0x80 && start[1] >= 2 && start[1] <= 5)) {
            return Format.TORCH;
        }
        return start[0] == ONNX_START ? Format.ONNX : Format.UNKNOWN;
    }
}
