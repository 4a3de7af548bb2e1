package org.resnet4j.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.resnet4j.file.ForeignContent;
import org.resnet4j.onnx.OnnxSource;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetIdentifier;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.TensorFile;
import org.resnet4j.weights.safetensors.SafetensorsFile;
import org.resnet4j.weights.safetensors.SafetensorsSource;
import org.resnet4j.weights.torch.TorchFile;
import org.resnet4j.weights.torch.TorchSource;

/**
 * Files of weights in all supported formats: safetensors, PyTorch's {@code .pth}, {@code .pt}, {@code .th} and
 * {@code .bin}, ONNX, and the index of weights that are divided among several files,
 * {@code model.safetensors.index.json}.
 *
 * @since 0.1.0
 */
public final class WeightFiles {
    /** The metadata of a safetensors file, as PyTorch's users expect them. */
    static final Map<String, String> METADATA = Map.of("format", "pt");

    /** A safetensors file begins with the length of its header, then the header, which is JSON. */
    private static final int HEADER = 8;

    private static final int TENSORS_SHOWN = 3;

    /** ONNX files begin with the format version: its protobuf tag. */
    private static final byte ONNX_START = 1 << 3;

    private WeightFiles() {}

    private enum Format {
        SAFETENSORS,
        TORCH,
        ONNX,
        INDEX,
        UNKNOWN
    }

    /**
     * Opens a file and checks its structure; tensors are read on demand. The format is recognized by the first bytes of
     * the file, not by its name. An ONNX file must contain a network of the catalog.
     *
     * @throws MalformedFileException if the file is malformed
     * @throws AmbiguousWeightsException if it holds several networks
     * @throws IOException if the file cannot be read
     */
    public static TensorFile open(Path path) throws IOException {
        return open(path, WeightOptions.defaults());
    }

    /**
     * Opens a file of a known network as {@link #open(Path)}; an ONNX file must have its graph.
     *
     * @param spec the network; its number of classes and input channels does not matter
     * @throws MalformedFileException if the file is malformed, or its graph differs
     * @throws AmbiguousWeightsException if it holds several networks
     * @throws IOException if the file cannot be read
     */
    public static TensorFile open(Path path, ResNetSpec spec) throws IOException {
        return open(path, WeightOptions.defaults().withNetwork(spec));
    }

    /**
     * Opens a file as {@link #open(Path)}. An ONNX file must have the graph of the options' network; a key selects
     * tensors in other files.
     *
     * @throws MalformedFileException if the file is malformed, its graph differs, or it has nothing under the key
     * @throws AmbiguousWeightsException if it holds several networks, and there is no key
     * @throws IOException if the file cannot be read
     */
    public static TensorFile open(Path path, WeightOptions options) throws IOException {
        ResNetSpec spec = options.network();
        String key = options.key();
        Format format = format(path);
        if (format == Format.ONNX && key != null) {
            throw new MalformedFileException(path, "an ONNX file holds one network, without keys");
        }
        return switch (format) {
            case SAFETENSORS -> below(SafetensorsSource.open(path), path, key);
            case TORCH -> TorchSource.open(path, key);
            case INDEX -> below(ShardedWeights.open(path, WeightFiles::openShard), path, key);
            case ONNX -> spec == null ? OnnxSource.open(path) : OnnxSource.open(path, spec);
            case UNKNOWN -> {
                checkForeign(path);
                yield below(SafetensorsSource.open(path), path, key); // its message describes the problem
            }
        };
    }

    /** Opens a part of weights that are divided among several files. */
    private static TensorFile openShard(Path path) throws IOException {
        return format(path) == Format.TORCH ? TorchSource.open(path) : SafetensorsSource.open(path);
    }

    private static TensorFile below(TensorFile file, Path path, @Nullable String key) throws IOException {
        try {
            return TensorsBelow.of(file, key);
        } catch (IllegalArgumentException nothing) {
            file.close();
            throw new MalformedFileException(path, String.valueOf(nothing.getMessage()));
        }
    }

    /**
     * Rejects a file that does not begin like a file of weights.
     *
     * @throws MalformedFileException if so; the message says what the file seems to be, if that is known
     * @throws IOException if the file cannot be read
     */
    public static void checkKnown(Path path) throws IOException {
        if (format(path) == Format.UNKNOWN) {
            checkForeign(path);
            throw new MalformedFileException(path, "this is not a file of weights (safetensors, PyTorch, ONNX)");
        }
    }

    private static void checkForeign(Path path) throws IOException {
        byte[] start;
        try (var in = Files.newInputStream(path)) {
            start = in.readNBytes(ForeignContent.START_BYTES);
        }
        String foreign = ForeignContent.name(start);
        if (foreign != null) {
            throw new MalformedFileException(path, "this is not a file of weights but " + foreign);
        }
    }

    /**
     * Identifies the network of a file of weights: that of an ONNX file by its graph, others by the names and shapes of
     * their tensors. The classifier's tensors may be missing or differ from the network's.
     *
     * @return the network, with the number of classes and input channels of the file
     * @throws MalformedFileException if the file is malformed, or is not of a network of the catalog
     * @throws AmbiguousWeightsException if it holds several networks, and there is no key
     * @throws IOException if the file cannot be read
     */
    public static ResNetSpec identify(Path path, WeightOptions options) throws IOException {
        try (TensorFile file = open(path, options)) {
            return identify(path, file);
        }
    }

    /** Identifies the network of an open file, as {@link #identify(Path, WeightOptions)}. */
    static ResNetSpec identify(Path path, TensorFile file) throws IOException {
        if (file instanceof OnnxSource onnx) {
            return onnx.spec();
        }
        List<ResNetSpec> networks = ResNetIdentifier.identify(file);
        if (networks.isEmpty()) {
            if (ResNetIdentifier.hasSeveral(file)) {
                throw new AmbiguousWeightsException(path, ResNetIdentifier.prefixes(file));
            }
            if (file.shapes().isEmpty()) {
                throw new MalformedFileException(path, "it contains no tensors");
            }
            Path index = ShardedWeights.indexOf(path);
            throw new MalformedFileException(
                    path,
                    index == null
                            ? unknown(file)
                            : "this is a part of weights that are divided among several files; name their index: "
                                    + index);
        }
        return networks.getFirst();
    }

    private static String unknown(TensorFile file) {
        String tensors = file.shapes().entrySet().stream()
                .limit(TENSORS_SHOWN)
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        String advice = ResNetIdentifier.nearest(file)
                .map(found -> "; the nearest is " + found
                        + part(file)
                                .orElse("; a config.json in the folder of the weights can describe another network"))
                .orElse("; only names of torchvision or timm and networks of the catalog are known");
        return "no network of the catalog has these " + file.shapes().size() + " tensors (" + tensors + ", …)" + advice;
    }

    /** Returns advice if the tensors below the prefix of the network are a network of the catalog. */
    private static Optional<String> part(TensorFile file) {
        List<String> prefixes = ResNetIdentifier.prefixes(file);
        if (prefixes.size() != 1) {
            return Optional.empty();
        }
        String prefix = prefixes.getFirst();
        return ResNetIdentifier.identify(TensorsBelow.of(file, prefix)).stream()
                .findFirst()
                .map(spec -> "; those below '" + prefix + "' are the weights of " + ResNets.description(spec)
                        + "; that key selects them (--weights-key)");
    }

    /**
     * Reads a whole file.
     *
     * @throws MalformedFileException if the file is malformed
     * @throws AmbiguousWeightsException if it holds several networks
     * @throws IOException if the file cannot be read
     */
    public static StateDict read(Path path) throws IOException {
        return read(path, WeightOptions.defaults());
    }

    /**
     * Reads a file that may hold several networks, as {@link #read(Path)}.
     *
     * @throws MalformedFileException if the file is malformed, or has nothing under the key
     * @throws AmbiguousWeightsException if it holds several networks, and there is no key
     * @throws IOException if the file cannot be read
     */
    public static StateDict read(Path path, WeightOptions options) throws IOException {
        try (TensorFile file = open(path, options)) {
            file.remarks().forEach(remark -> options.remarks().accept(path + ": " + remark));
            return StateDict.copyOf(file);
        }
    }

    /**
     * Writes tensors in the format of the file's extension: {@code .pth}, {@code .pt} and {@code .th} for
     * {@code torch.load}, safetensors otherwise. An existing file is replaced as a whole or not at all.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(Path path, StateDict tensors) throws IOException {
        if (isTorchName(path)) {
            TorchFile.write(path, tensors);
        } else {
            new SafetensorsFile(tensors, METADATA).write(path);
        }
    }

    /** Returns true if files with this name are written for {@code torch.load}. */
    public static boolean isTorchName(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.endsWith(".pth") || name.endsWith(".pt") || name.endsWith(".th");
    }

    /** Zip files begin with PK, pickles of protocol 2 and later with 0x80. The first byte of a length can be any. */
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
        if (start[0] == '{' && String.valueOf(path.getFileName()).endsWith(ShardedWeights.INDEX)) {
            return Format.INDEX;
        }
        return start[0] == ONNX_START ? Format.ONNX : Format.UNKNOWN;
    }
}
