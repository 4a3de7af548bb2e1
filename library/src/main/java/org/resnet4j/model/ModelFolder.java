package org.resnet4j.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.onnx.OnnxSource;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.state.ResNetIdentifier;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.TensorFile;

/**
 * A model as files: a folder with {@code model.safetensors}, whose names and layouts are torchvision's, and
 * {@code config.json} in timm's form. timm loads such a folder where it knows the architecture, and folders that timm
 * saved are loaded here where {@link org.resnet4j.resnet.ResNets} knows it.
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

    /** Whether a folder holds a model, or a part of one. */
    public static boolean isModel(Path folder) {
        return Files.exists(folder.resolve(CONFIG)) || Files.exists(weights(folder));
    }

    /**
     * Saves a model; the folder is made where it is missing. Each file is written beside the old one, forced to disk and
     * renamed, so that a model that was there is whole at every moment.
     *
     * @throws IOException if the folder cannot be written
     */
    public static void save(Path folder, Model model) throws IOException {
        Files.createDirectories(folder);
        WeightFiles.write(folder.resolve(WEIGHTS), ResNetState.stateDict(model.network()));
        config(model).write(folder.resolve(CONFIG));
    }

    /**
     * Loads a model.
     *
     * @param path a model folder; or a file of weights alone, as for {@link #load(Path, WeightOptions)}
     * @throws MalformedFileException if a file breaks its format, or the weights are not those of the network
     * @throws AmbiguousWeightsException if a file holds several networks
     * @throws IOException if a file is missing or cannot be read
     */
    public static Model load(Path path) throws IOException {
        return load(path, WeightOptions.defaults());
    }

    /**
     * Loads a model folder, or a network of the catalogue from a file of weights alone. The number of classes and of the
     * images' channels are then the file's; the classes have their numbers as names. Images go through what torchvision or
     * timm do for the usual weights of a network of this name, its image size among them unless the caller changed the
     * catalogue's; an image that has the network's size already is not resized.
     *
     * @param path a model folder; or a file: safetensors or PyTorch's, with torchvision's or timm's names or the usual others,
     *     or ONNX
     * @param options the network and the key of a file; a folder's description tells its network
     * @throws MalformedFileException if a file breaks its format, or the weights are not those of the network
     * @throws AmbiguousWeightsException if a file holds several networks, and there is no key
     * @throws IOException if a file is missing or cannot be read
     */
    public static Model load(Path path, WeightOptions options) throws IOException {
        try (ModelFile file = open(path, options)) {
            return file.read();
        }
    }

    /** As {@link #load(Path, WeightOptions)}; the weights are checked and not read. */
    public static ModelFile open(Path path, WeightOptions options) throws IOException {
        return Files.isRegularFile(path) ? openFile(path, options) : openFolder(path, options);
    }

    private static ModelFile openFolder(Path folder, WeightOptions options) throws IOException {
        if (options.network() != null || options.key() != null) {
            throw new IllegalArgumentException(
                    folder + " is a model folder, whose description tells its network; no other can be given");
        }
        Path description = folder.resolve(CONFIG);
        ModelConfig config = ModelConfig.read(description);
        Path file = weights(folder);
        return ModelFile.of(
                create(config.spec(), config.transform().inputSize(), description),
                config.labels(),
                config.transform(),
                file,
                WeightFiles.open(file, WeightOptions.defaults().withNetwork(config.spec())),
                options.remarks());
    }

    /** The file of the weights: safetensors, or what older models of the Hugging Face Hub have instead. */
    private static Path weights(Path folder) {
        Path file = folder.resolve(WEIGHTS);
        Path older = folder.resolve(OLDER_WEIGHTS);
        return Files.exists(file) || !Files.exists(older) ? file : older;
    }

    /**
     * Writes {@link #CONFIG} alone, for weights that stand beside it.
     *
     * @throws IOException if the file cannot be written
     */
    public static void saveDescription(Path file, Model model) throws IOException {
        config(model).write(file);
    }

    /**
     * Reads the description alone: the network is made, its weights are not read and are zeros.
     *
     * @throws MalformedFileException if the file breaks its format
     * @throws IOException if the file is missing or cannot be read
     */
    public static Model describe(Path folder) throws IOException {
        ModelConfig config = ModelConfig.read(folder.resolve(CONFIG));
        ResNet network = create(config.spec(), config.transform().inputSize(), folder.resolve(CONFIG));
        return new Model(network, config.labels(), config.transform());
    }

    /**
     * As {@link #load(Path, WeightOptions)}; the weights are checked, not read, and are zeros.
     *
     * @throws MalformedFileException if a file breaks its format, or the weights are not those of the network
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
            ResNetSpec given = options.network();
            ResNetSpec fitting =
                    given != null ? ResNetIdentifier.fitting(given, weights) : WeightFiles.identify(file, weights);
            if (fitting.inChannels() != GREY && fitting.inChannels() != COLORS) {
                throw new MalformedFileException(
                        file, "weights for images of " + fitting.inChannels() + " channels; pictures have 1 or 3");
            }
            EvaluationTransform transform = UsualPreparation.transform(fitting);
            ResNetSpec sized = fitting.withImages(transform.inputSize(), fitting.inChannels());
            ResNet network = create(sized, transform.inputSize(), file);
            ModelFile opened = ModelFile.of(
                    network, ModelConfig.numbered(sized.classes()), transform, file, weights, options.remarks());
            options.remarks().accept(Assumptions.of(file, sized, transform, weights instanceof OnnxSource));
            return opened;
        } catch (Throwable failure) {
            weights.close();
            throw failure;
        }
    }

    /** Rejects a well-formed description whose tensors exceed the maximum array size, or whose pooling leaves no pixel. */
    static ResNet create(ResNetSpec spec, int imageSize, Path file) throws MalformedFileException {
        try {
            ResNet network = ResNet.undrawn(spec);
            network.outputShape(Shape.of(1, imageSize, imageSize, spec.inChannels()));
            return network;
        } catch (IllegalArgumentException | ArithmeticException impossible) {
            throw new MalformedFileException(
                    file, "describes a network that cannot be made: " + impossible.getMessage());
        }
    }

    private static ModelConfig config(Model model) {
        return new ModelConfig(model.network().spec(), model.labels(), model.transform());
    }
}
