package org.resnet4j.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.resnet4j.file.AtomicFile.Writer;
import org.resnet4j.file.AtomicFolder;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Normalization;
import org.resnet4j.inference.int8.Quantized;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.model.quantized.QuantizedFile;
import org.resnet4j.model.quantized.QuantizedFolder;
import org.resnet4j.onnx.OnnxSource;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.state.LoadReport;
import org.resnet4j.resnet.state.ResNetIdentifier;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.TensorFile;
import org.resnet4j.weights.TensorSource;
import org.resnet4j.weights.safetensors.SafetensorsFile;
import org.resnet4j.weights.safetensors.SafetensorsSource;

/**
 * A model as files: a folder with {@code model.safetensors}, in torchvision's names and layouts, and
 * {@code config.json}, in timm's form. timm loads such a folder if it knows the architecture. Folders that timm saved
 * are loaded if {@link org.resnet4j.resnet.ResNets} knows the architecture, and so are those of Hugging Face
 * transformers' model type {@code resnet}.
 *
 * @since 0.1.0
 */
public final class ModelFolder {
    /** The file of the weights. */
    public static final String WEIGHTS = "model.safetensors";

    /** The file of the description. */
    public static final String CONFIG = "config.json";

    private static final int GREY = 1;
    private static final int COLORS = 3;
    private static final String OLDER_WEIGHTS = "pytorch_model.bin";

    private ModelFolder() {}

    /** Returns true if a folder holds a model or a part of one. */
    public static boolean isModel(Path folder) {
        return Files.exists(folder.resolve(CONFIG)) || Files.exists(weights(folder));
    }

    /**
     * Saves a model and creates the folder if necessary. The files are complete and forced to disk before they get
     * their names, so that a failure leaves a folder as it was, and no new folder.
     *
     * @throws IOException if the folder is not writable
     */
    public static void save(Path folder, Model model) throws IOException {
        save(
                folder,
                ResNetState.source(model.network()),
                Map.of(CONFIG, Writer.of(config(model).toBytes())));
    }

    /**
     * Saves an open model as {@link #save(Path, Model)}, in the number format of its file: a quantized network stays
     * quantized.
     *
     * @throws MalformedFileException if the weights of a quantized network are malformed
     * @throws IOException if the file cannot be read, or the folder is not writable
     */
    public static void save(Path folder, ModelFile file) throws IOException {
        if (file.weights() instanceof Quantized quantized) {
            QuantizedFolder.of(
                            new ModelConfig(file.spec(), file.labels(), file.transform()),
                            file.network(),
                            quantized.quantization())
                    .save(folder);
        } else {
            save(folder, file.read());
        }
    }

    /**
     * Saves a model as Hugging Face transformers does, as {@link #save}: {@value #WEIGHTS} and {@value #CONFIG} of a
     * {@code ResNetForImageClassification}, and {@code preprocessor_config.json}.
     *
     * @throws IllegalArgumentException if that library has no such network or preprocessing; nothing is written
     * @throws IOException if the folder is not writable
     */
    public static void saveForTransformers(Path folder, Model model) throws IOException {
        Map<String, Writer> descriptions = config(model).forTransformers();
        save(folder, ResNetState.forTransformers(model.network()), descriptions);
    }

    private static void save(Path folder, TensorSource weights, Map<String, Writer> descriptions) throws IOException {
        var files = new LinkedHashMap<String, Writer>();
        files.put(WEIGHTS, channel -> SafetensorsFile.write(channel, weights, WeightFiles.METADATA));
        files.putAll(descriptions);
        AtomicFolder.write(folder, files);
    }

    /**
     * Loads a model.
     *
     * @param path a model folder; or a single file of weights, as for {@link #load(Path, WeightOptions)}
     * @throws MalformedFileException if a file is malformed, or the weights are not those of the network
     * @throws AmbiguousWeightsException if a file holds several networks
     * @throws IOException if a file is missing or cannot be read
     */
    public static Model load(Path path) throws IOException {
        return load(path, WeightOptions.defaults());
    }

    /**
     * Loads a model folder, or a network from a single file of weights. If the options do not name its network, a file
     * is read as the {@value #CONFIG} in its folder describes it, unless that describes another file. Otherwise its
     * network is one of the catalog, and it determines the number of classes and input channels. The classes are named by
     * the options; by the names in an ONNX file or in a file {@code NAME.labels.txt} beside the weights; as those of
     * ImageNet-1k, if a network for photographs has 1,000; or by their indices. Images get the usual preprocessing of
     * torchvision or timm for a network of this name, including its image size unless the caller changed that of the
     * catalog; an image of the network's size is not resized.
     *
     * @param path a model folder; or a file: safetensors or PyTorch, with the names of torchvision, timm or another
     *     known scheme, or ONNX
     * @param options network and key of a file; a folder's description determines its network
     * @throws MalformedFileException if a file is malformed, or the weights are not those of the network
     * @throws AmbiguousWeightsException if a file holds several networks, and there is no key
     * @throws IOException if a file is missing or cannot be read
     */
    public static Model load(Path path, WeightOptions options) throws IOException {
        try (ModelFile file = open(path, options)) {
            return file.read();
        }
    }

    /** Opens a model as {@link #load(Path, WeightOptions)}; the weights are checked but not read. */
    public static ModelFile open(Path path, WeightOptions options) throws IOException {
        return Files.isRegularFile(path) ? openFile(path, options) : openFolder(path, options);
    }

    /**
     * Opens a model folder in memory; the weights are checked but not read. This serves programs that get the two files
     * from elsewhere than a file system: an object store, a class path, a message.
     *
     * @param description the content of {@value #CONFIG}
     * @param weights the content of {@value #WEIGHTS}; not copied, must not change
     * @param options listener for remarks; the description determines the network
     * @throws MalformedFileException if a file is malformed, or the weights are not those of the network
     * @throws AmbiguousWeightsException if the weights hold several networks
     */
    public static ModelFile open(byte[] description, byte[] weights, WeightOptions options) throws IOException {
        checkDetermined("a model folder in memory", options);
        Path file = Path.of(WEIGHTS);
        Path name = Path.of(CONFIG);
        ModelConfig config = ModelConfig.read(name, description);
        return ModelFile.inMemory(
                create(config.spec(), config.transform().inputSize(), name),
                ClassLabels.ofFolder(name, config, options),
                config.transform(),
                file,
                weights(file, SafetensorsSource.of(file, weights), config),
                options);
    }

    private static void checkDetermined(String folder, WeightOptions options) {
        if (options.network() != null || options.key() != null) {
            throw new IllegalArgumentException(
                    folder + " is a model folder, whose description determines its network; no other can be set");
        }
    }

    private static ModelFile openFolder(Path folder, WeightOptions options) throws IOException {
        checkDetermined(folder.toString(), options);
        Path description = folder.resolve(CONFIG);
        ModelConfig config = ModelConfig.read(description);
        Path file = weights(folder);
        return ModelFile.of(
                create(config.spec(), config.transform().inputSize(), description),
                ClassLabels.ofFolder(description, config, options),
                config.transform(),
                file,
                weights(file, WeightFiles.open(file, WeightOptions.defaults().withNetwork(config.spec())), config),
                options);
    }

    /** Returns the weights that a description speaks of: those of a quantized network as if in float32. */
    private static TensorFile weights(Path file, TensorFile open, ModelConfig config) throws IOException {
        try {
            if (QuantizedFile.isQuantized(open) != config.int8()) {
                throw new MalformedFileException(
                        file,
                        config.int8()
                                ? "its weights are not quantized, but " + CONFIG + " says so"
                                : "its weights are quantized, but " + CONFIG + " does not say so");
            }
            return config.int8() ? QuantizedFile.of(file, open, config.spec()) : open;
        } catch (Throwable failure) {
            open.close();
            throw failure;
        }
    }

    /**
     * Returns the file of the weights: safetensors, the format of older models on the Hugging Face Hub, or the index of
     * either.
     */
    static Path weights(Path folder) {
        return Stream.of(WEIGHTS, OLDER_WEIGHTS, WEIGHTS + ShardedWeights.INDEX, OLDER_WEIGHTS + ShardedWeights.INDEX)
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElse(folder.resolve(WEIGHTS));
    }

    /**
     * Writes {@link #CONFIG} alone, for weights in the same folder.
     *
     * @throws IOException if the file cannot be written
     */
    public static void saveDescription(Path file, Model model) throws IOException {
        config(model).write(file);
    }

    /**
     * Returns true if the description of a folder says that its network is quantized.
     *
     * @throws MalformedFileException if the file is malformed
     * @throws IOException if the file is missing or cannot be read
     */
    public static boolean isQuantized(Path folder) throws IOException {
        return ModelConfig.read(folder.resolve(CONFIG)).int8();
    }

    /**
     * Reads the description alone. The network has zeros for weights.
     *
     * @throws MalformedFileException if the file is malformed
     * @throws IOException if the file is missing or cannot be read
     */
    public static Model describe(Path folder) throws IOException {
        ModelConfig config = ModelConfig.read(folder.resolve(CONFIG));
        ResNet network = create(config.spec(), config.transform().inputSize(), folder.resolve(CONFIG));
        return new Model(network, config.labels(), config.transform());
    }

    /**
     * Describes a model as {@link #load(Path, WeightOptions)}; the weights are checked but not read, and are zeros.
     *
     * @throws MalformedFileException if a file is malformed, or the weights are not those of the network
     * @throws AmbiguousWeightsException if a file holds several networks, and there is no key
     * @throws IOException if a file is missing or cannot be read
     */
    public static Model describe(Path path, WeightOptions options) throws IOException {
        try (ModelFile file = open(path, options)) {
            return new Model(ResNet.undrawn(file.spec()), file.labels(), file.transform());
        }
    }

    private static ModelFile openFile(Path file, WeightOptions options) throws IOException {
        TensorFile weights = WeightFiles.open(file, options);
        try {
            Optional<ModelConfig> described =
                    DescriptionBeside.of(file, weights, options, "network, class names and preprocessing");
            if (described.isPresent()) {
                return described(file, weights, described.get(), options);
            }
            ResNetSpec given = options.network();
            ResNetSpec fitting =
                    given != null ? ResNetIdentifier.fitting(given, weights) : WeightFiles.identify(file, weights);
            if (fitting.inChannels() != GREY && fitting.inChannels() != COLORS) {
                throw new MalformedFileException(
                        file, "weights for images of " + fitting.inChannels() + " channels; pictures have 1 or 3");
            }
            EvaluationTransform transform = transform(fitting, weights);
            ResNetSpec sized = fitting.withImages(transform.inputSize(), fitting.inChannels());
            ResNet network = create(sized, transform.inputSize(), file);
            ClassLabels.Found labels = ClassLabels.ofFile(file, sized, weights, options);
            ModelFile opened = ModelFile.of(network, labels.names(), transform, file, weights, options);
            String head = sized.classifier() + ".weight";
            LoadReport report = ResNetState.match(network, weights);
            if (report.applied().contains(head)) {
                Assumptions.ofHead(file, options.key(), report.nameInFile(head)).ifPresent(options.remarks());
            }
            boolean graph = weights instanceof OnnxSource;
            // An encoder has no classes.
            String assumed = opened.labels().equals(labels.names()) ? labels.assumption() : null;
            options.remarks().accept(Assumptions.of(file, sized, transform, graph, assumed));
            return opened;
        } catch (Throwable failure) {
            weights.close();
            throw failure;
        }
    }

    private static ModelFile described(Path file, TensorFile weights, ModelConfig config, WeightOptions options)
            throws IOException {
        Path description = file.resolveSibling(CONFIG);
        ResNet network = create(config.spec(), config.transform().inputSize(), description);
        Optional<List<String>> beside = ClassLabels.beside(file, config.spec(), options);
        List<String> labels = beside.isPresent() ? beside.get() : ClassLabels.ofFolder(description, config, options);
        return ModelFile.of(network, labels, config.transform(), file, weights, options);
    }

    /** Returns the usual preprocessing of a network, with the normalization of a graph that has one. */
    static EvaluationTransform transform(ResNetSpec spec, TensorFile weights) {
        EvaluationTransform usual = UsualPreparation.transform(spec);
        Normalization normalization = weights instanceof OnnxSource onnx
                ? onnx.normalization().orElse(usual.normalization())
                : usual.normalization();
        return new EvaluationTransform(
                usual.resizeSize(), usual.inputSize(), usual.interpolation(), normalization, usual.keepMatching());
    }

    /**
     * Rejects a well-formed description whose tensors exceed the maximum array size, or whose pooling leaves no pixel.
     */
    static ResNet create(ResNetSpec spec, int imageSize, Path file) throws MalformedFileException {
        try {
            ResNet network = ResNet.undrawn(spec);
            network.outputShape(Shape.of(1, imageSize, imageSize, spec.inChannels()));
            return network;
        } catch (IllegalArgumentException | ArithmeticException impossible) {
            throw new MalformedFileException(
                    file, "describes a network that cannot be created: " + impossible.getMessage());
        }
    }

    private static ModelConfig config(Model model) {
        return new ModelConfig(model.network().spec(), model.labels(), model.transform());
    }
}
