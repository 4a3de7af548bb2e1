package org.resnet4j.onnx;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.Normalization;
import org.resnet4j.layer.GlobalAveragePool;
import org.resnet4j.layer.Layer;
import org.resnet4j.onnx.proto.DataType;
import org.resnet4j.onnx.proto.GraphProto;
import org.resnet4j.onnx.read.Binding;
import org.resnet4j.onnx.read.ExternalFiles;
import org.resnet4j.onnx.read.GraphMatch;
import org.resnet4j.onnx.read.GraphMismatchException;
import org.resnet4j.onnx.read.InputNormalization;
import org.resnet4j.onnx.read.ModelReader;
import org.resnet4j.onnx.read.StoredGraph;
import org.resnet4j.onnx.read.StoredNode;
import org.resnet4j.onnx.read.StoredTensor;
import org.resnet4j.onnx.read.StoredTensor.Place;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.StridePlacement;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.TensorFile;
import org.resnet4j.weights.element.ElementReader;

/**
 * An open ONNX file of a residual network: the tensors of the network's state dict, by the network's names, read on
 * demand. Not thread-safe.
 *
 * <p>The network is identified by what the graph computes, not by the names of its nodes and tensors. Files of
 * PyTorch's exporters and of others are supported, whether or not normalization is folded into convolutions. A folded
 * normalization becomes one that adds the convolution's bias. Weights are float32, float64, float16 or bfloat16, in the
 * file itself or in external files beside it; or integers with scales, as ONNX Runtime's {@code quantize_static} writes
 * them, which are read as the real numbers that they stand for.
 *
 * <p>The graph must be a network in evaluation mode, from the images to the logits or their softmax, or to the features
 * if it has no classifier. Its input is normalized images, for which the file does not record the mean and standard
 * deviation; or the graph computes the normalization itself, and {@link #normalization} returns it. Files that ONNX
 * Runtime optimized (levels basic and extended) are supported.
 *
 * @since 0.1.0
 */
public sealed class OnnxSource implements TensorFile permits QuantizedSource {
    /** Limit of the image size; a file with a larger one is treated as having none. */
    private static final int MAX_IMAGE_SIZE = 2048;

    private final Path path;
    private final FileChannel channel;
    private final ExternalFiles externals;
    private final ResNetSpec spec;
    private final List<String> labels;
    private final SequencedMap<String, Binding> bindings;
    private final @Nullable InputNormalization normalization;
    private final List<String> remarks;
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final ElementReader elements = new ElementReader();

    /** The last matrix that was read transposed. */
    private float[] exchanged = {};

    private @Nullable String exchangedName;

    /** A network whose graph the file has. */
    private record Identified(ResNetSpec spec, GraphMatch.Matched matched) {}

    /** An open file, its network, and what is said about it. */
    record Parts(
            Path path,
            FileChannel channel,
            ExternalFiles externals,
            ResNetSpec spec,
            SequencedMap<String, Binding> bindings,
            List<String> labels,
            @Nullable InputNormalization normalization,
            List<String> remarks) {
        /** Returns these parts with a further remark. */
        Parts with(String remark) {
            List<String> all =
                    Stream.concat(remarks.stream(), Stream.of(remark)).toList();
            return new Parts(path, channel, externals, spec, bindings, labels, normalization, all);
        }
    }

    OnnxSource(Parts parts) {
        this.path = parts.path();
        this.channel = parts.channel();
        this.externals = parts.externals();
        this.spec = parts.spec();
        this.labels = parts.labels();
        this.bindings = parts.bindings();
        this.normalization = parts.normalization();
        this.remarks = parts.remarks();
        bindings.forEach((name, binding) -> shapes.put(name, binding.shape()));
    }

    /** Identifies the network of a graph. */
    private interface Identification {
        Identified identify(StoredGraph graph) throws IOException;
    }

    /**
     * Opens a file of a network in the catalog, with any number of classes and image channels.
     *
     * @throws MalformedFileException if the file is malformed, or no network in the catalog has its graph; the message
     *     then gives the first difference from the nearest network
     * @throws IOException if the file cannot be read
     */
    public static OnnxSource open(Path path) throws IOException {
        return open(path, OnnxSource::ofCatalogue);
    }

    /**
     * Opens a file of a given network, with any number of classes and image channels.
     *
     * @throws MalformedFileException if the file is malformed, or its graph is not the network's
     * @throws IOException if the file cannot be read
     */
    public static OnnxSource open(Path path, ResNetSpec spec) throws IOException {
        return open(path, graph -> identified(graph, List.of(spec)));
    }

    private static OnnxSource open(Path path, Identification identification) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a folder, not an ONNX file");
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        var externals = new ExternalFiles(path);
        try {
            StoredGraph read = ModelReader.read(path, channel, externals);
            List<String> labels = LabelMetadata.read(path, read.metadata());
            checkConvolutions(read);
            InputNormalization.Separated separated = InputNormalization.separate(read);
            Identified identified = identification.identify(separated.graph());
            InputNormalization own = separated.normalization();
            var parts = new Parts(
                    path,
                    channel,
                    externals,
                    identified.spec(),
                    identified.matched().bindings(),
                    labels,
                    own,
                    own == null ? List.of() : List.of(remark(own)));
            var source = new OnnxSource(parts);
            source.checkStored();
            source.checkNormalization();
            return separated.graph().isQuantized()
                    ? quantized(source, parts, identified.matched().values(), separated.graph())
                    : source;
        } catch (Throwable failure) {
            channel.close();
            externals.close();
            throw failure;
        }
    }

    /** Returns a source that is quantized, or says why it is not. */
    private static OnnxSource quantized(OnnxSource source, Parts parts, Map<String, String> values, StoredGraph graph)
            throws IOException {
        NetworkGraph.Named network = NetworkGraph.named(ResNet.undrawn(parts.spec()), OnnxOptions.of(parts.spec()));
        var layers = new IntegerLayers(parts.path(), network.fused(), parts.bindings(), source);
        try {
            ValueScales scales = ValueScales.find(network, values, graph.scales(), layers.names());
            Parts said = layers.others().isEmpty()
                    ? parts
                    : parts.with(String.join(", ", layers.others())
                            + ": weights less their zero point exceed 8 bits, so that they are computed in float32");
            return new QuantizedSource(said, scales, layers);
        } catch (ValueScales.MissingScaleException missing) {
            return new OnnxSource(parts.with(
                    "the file is quantized, but " + missing.getMessage() + "; everything is computed in float32"));
        }
    }

    private static String remark(InputNormalization normalization) {
        return "the graph normalizes images itself; its mean and standard deviation are used, for samples from 0 to "
                + (normalization.takesBytes() ? "255" : "1");
    }

    private static Identified ofCatalogue(StoredGraph graph) throws IOException {
        long convolutions = graph.consumers().values().stream()
                .flatMap(List::stream)
                .filter(node -> node.operator().equals("Conv"))
                .distinct()
                .count();
        List<ResNetSpec> candidates = Stream.of(
                        ResNets.find(graph.name()).stream(),
                        ResNets.names().stream().map(ResNets::named),
                        ResNets.variants().stream())
                .flatMap(specs -> specs)
                .filter(spec -> mayHave(spec, convolutions))
                .flatMap(spec -> spec.block().kind() == BlockKind.BOTTLENECK
                        ? Stream.of(spec, spec.withStridePlacement(StridePlacement.FIRST_1X1))
                        : Stream.of(spec))
                .distinct()
                .toList();
        if (candidates.isEmpty()) {
            throw new MalformedFileException(
                    graph.path(), "no network of the catalog has " + convolutions + " convolutions, as this graph has");
        }
        return identified(graph, candidates);
    }

    /** Rejects convolutions that quantize each image by its own range, or have weights in the layout of one processor. */
    private static void checkConvolutions(StoredGraph graph) throws MalformedFileException {
        for (List<StoredNode> nodes : graph.consumers().values()) {
            for (StoredNode node : nodes) {
                String operator = node.operator();
                if (operator.equals("com.microsoft.nchwc.Conv")) {
                    throw new MalformedFileException(
                            graph.path(),
                            "ONNX Runtime has optimized the graph for one processor (operator " + operator
                                    + ", level all); save it at the level basic or extended");
                }
                if (operator.endsWith("QLinearConv") || operator.endsWith("ConvInteger")) {
                    throw new MalformedFileException(
                            graph.path(),
                            "the convolutions are quantized in a way that is not supported (operator " + operator
                                    + "); quantize_static of ONNX Runtime writes files that are");
                }
            }
        }
    }

    /**
     * Returns true if a network can have this number of convolutions: the stem, those of branches and projections, two
     * more per gate.
     */
    private static boolean mayHave(ResNetSpec spec, long convolutions) {
        int blocks = spec.stages().blocks();
        int least = spec.depth() - 1;
        return convolutions >= least && convolutions <= least + 3 + 3L * blocks;
    }

    private static Identified identified(StoredGraph graph, List<ResNetSpec> candidates) throws IOException {
        GraphMismatchException nearest = null;
        ResNetSpec nearestSpec = candidates.getFirst();
        for (ResNetSpec spec : candidates) {
            try {
                return fitted(graph, spec);
            } catch (GraphMismatchException mismatch) {
                if (nearest == null || mismatch.steps() > nearest.steps()) {
                    nearest = mismatch;
                    nearestSpec = spec;
                }
            }
        }
        String name = nearestSpec.name();
        String reason = (candidates.size() == 1
                        ? "the graph is not that of " + name
                        : "no network of the catalog has this graph; the nearest is " + name)
                + ": " + (nearest == null ? "" : nearest.getMessage());
        throw nearest == null || nearest.position() == 0
                ? new MalformedFileException(graph.path(), reason)
                : new MalformedFileException(graph.path(), nearest.position(), reason);
    }

    private static Identified fitted(StoredGraph graph, ResNetSpec spec) throws GraphMismatchException, IOException {
        List<Long> extents = graph.extents();
        boolean square = extents.size() == 4
                && extents.get(2) > 0
                && extents.get(2) <= MAX_IMAGE_SIZE
                && extents.get(2).equals(extents.get(3));
        int size = square ? extents.get(2).intValue() : spec.imageSize();
        ResNet network = ResNet.undrawn(spec);
        GraphProto expected = NetworkGraph.of(network, OnnxOptions.of(spec).withImages(size, size));
        GraphMatch.Matched matched = GraphMatch.of(graph, expected, features(network, size));
        Map<String, Binding> bindings = matched.bindings();
        Binding classifier = bindings.get(spec.classifier() + ".weight");
        Binding stem = bindings.get(spec.firstConvolution() + ".weight");
        if (stem == null) {
            throw new IllegalStateException(spec.name() + " has no stem");
        }
        ResNetSpec fitting = spec.withClasses(
                        classifier == null ? spec.classes() : classifier.shape().extent(0))
                .withImages(size, stem.shape().extent(1));
        return new Identified(fitting, matched);
    }

    /** Returns the output shape of the network's last block. */
    private static Shape features(ResNet network, int size) {
        Shape shape = network.stem()
                .outputShape(Shape.of(1, size, size, network.spec().inChannels()));
        for (Layer layer : network.body().layers()) {
            if (layer instanceof GlobalAveragePool) {
                break;
            }
            shape = layer.outputShape(shape);
        }
        return shape;
    }

    /** Checks the types and elements of all tensors up front, so that a defect in the file cannot fail a later read. */
    private void checkStored() throws MalformedFileException {
        for (Binding binding : bindings.values()) {
            if (binding instanceof Binding.Stored stored) {
                boolean real = stored.tensor().type(path).elements().isReal();
                if (!real && stored.tensor().scales() == null) {
                    throw new MalformedFileException(
                            path,
                            stored.tensor().position(),
                            "tensor '" + stored.tensor().name() + "' has integers, without DequantizeLinear");
                }
                if (stored.tensor().place() == null) {
                    throw new MalformedFileException(
                            path,
                            stored.tensor().position(),
                            "tensor '" + stored.tensor().name() + "' has no elements that can be read in place");
                }
            }
        }
    }

    private void checkNormalization() throws MalformedFileException {
        if (normalization != null && normalization.channels() > 1 && normalization.channels() != spec.inChannels()) {
            throw new MalformedFileException(
                    path,
                    "the graph normalizes images of " + normalization.channels() + " channels, and its network takes "
                            + spec.inChannels());
        }
    }

    /**
     * Returns the normalization of images that the graph computes itself, for samples from 0 to 1; empty if its input is
     * normalized images.
     */
    public Optional<Normalization> normalization() {
        return Optional.ofNullable(normalization)
                .map(own -> new Normalization(own.means(spec.inChannels()), own.deviations(spec.inChannels())));
    }

    @Override
    public List<String> remarks() {
        return remarks;
    }

    /** Returns the network's spec, with the file's number of classes and channels, and its image size if it has one. */
    public ResNetSpec spec() {
        return spec;
    }

    /** Returns the name of each class, in the order of the scores; empty if the file has none. */
    public List<String> labels() {
        return labels;
    }

    /** Returns the shapes by the names of the network's state dict, in order of computation. */
    @Override
    public Map<String, Shape> shapes() {
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public void read(String name, int start, int count, float[] target) throws IOException {
        Binding binding = bindings.get(name);
        if (binding == null) {
            throw new IllegalArgumentException(path + " has no tensor for " + name);
        }
        Objects.checkFromIndexSize(start, count, binding.shape().size());
        Objects.checkFromIndexSize(0, count, target.length);
        switch (binding) {
            case Binding.Uniform uniform -> Arrays.fill(target, 0, count, uniform.value());
            case Binding.Stored stored
            when stored.transposed() -> System.arraycopy(exchanged(name, stored), start, target, 0, count);
            case Binding.Stored stored -> {
                read(stored.tensor(), start, count, target);
                for (int i = 0; stored.added() != 0 && i < count; i++) {
                    target[i] += stored.added();
                }
            }
        }
    }

    private void read(StoredTensor tensor, int start, int count, float[] target) throws IOException {
        readStored(tensor, start, count, target);
        StoredTensor.Scales scales = tensor.scales();
        for (int i = 0; scales != null && i < count; i++) {
            target[i] = (target[i] - scales.zeroPoint(start + i)) * scales.step(start + i);
        }
    }

    /** Reads elements as they are in the file: of quantized weights, the integers. */
    void readStored(StoredTensor tensor, int start, int count, float[] target) throws IOException {
        DataType type = tensor.type(path);
        Place place = Objects.requireNonNull(tensor.place());
        long offset = place.offset() + (long) start * type.elements().bytes();
        elements.read(place.path(), place.channel(), offset, type.elements(), count, target);
    }

    /** Returns a matrix {@code [in, out]} of the file as {@code [out, in]}. */
    private float[] exchanged(String name, Binding.Stored stored) throws IOException {
        if (!name.equals(exchangedName)) {
            int out = stored.shape().extent(0);
            int in = stored.shape().extent(1);
            float[] asStored = new float[in * out];
            read(stored.tensor(), 0, asStored.length, asStored);
            float[] turned = new float[asStored.length];
            for (int i = 0; i < in; i++) {
                for (int k = 0; k < out; k++) {
                    turned[k * in + i] = asStored[i * out + k];
                }
            }
            exchanged = turned;
            exchangedName = name;
        }
        return exchanged;
    }

    /** Closes the file and its external files. */
    @Override
    public void close() throws IOException {
        channel.close();
        externals.close();
    }
}
