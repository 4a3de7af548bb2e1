package org.resnet4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.TensorFile;

/**
 * A model as files: a folder with {@code model.safetensors}, whose names and layouts are torchvision's, and
 * {@code config.json} in timm's form. timm loads such a folder where it knows the architecture, and folders that timm
 * saved are loaded here where {@link org.resnet4j.resnet.ResNets} knows it.
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
        WeightFiles.write(folder.resolve(WEIGHTS), model.network().stateDict());
        ModelConfig.of(model).write(folder.resolve(CONFIG));
    }

    /**
     * Loads a model.
     *
     * @throws MalformedFileException if a file breaks its format, or the weights are not those of the network
     * @throws IOException if a file is missing or cannot be read
     */
    public static Model load(Path folder) throws IOException {
        try (ModelFile file = open(folder)) {
            return file.read();
        }
    }

    /** As {@link #load}; the weights are checked and not read. */
    static ModelFile open(Path folder) throws IOException {
        ModelConfig config = ModelConfig.read(folder.resolve(CONFIG));
        Path file = weights(folder);
        return ModelFile.of(config.spec(), config.labels(), config.transform(), file, WeightFiles.open(file));
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
        ModelConfig.of(model).write(file);
    }

    /**
     * Reads the description alone: the network is made, its weights are not read and are zeros.
     *
     * @throws MalformedFileException if the file breaks its format
     * @throws IOException if the file is missing or cannot be read
     */
    public static Model describe(Path folder) throws IOException {
        ModelConfig config = ModelConfig.read(folder.resolve(CONFIG));
        return new Model(create(config.spec(), folder.resolve(CONFIG)), config.labels(), config.transform());
    }

    /**
     * Loads a network of the catalogue from a file of weights alone. The number of classes and of the images' channels
     * are the file's; the classes have their numbers as names. Images go through what torchvision or timm do for the usual
     * weights of a network of this name, its image size among them unless the caller changed the catalogue's; an image
     * that has the network's size already is not resized.
     *
     * @param file safetensors or PyTorch's, with torchvision's or timm's names or the usual others, or ONNX
     * @param spec the network
     * @throws MalformedFileException if the file breaks its format, or the weights are not those of the network
     * @throws IOException if the file cannot be read
     */
    public static Model loadWeights(Path file, ResNetSpec spec) throws IOException {
        try (ModelFile opened = openWeights(file, spec)) {
            return opened.read();
        }
    }

    /** As {@link #loadWeights}; the weights are checked and not read. */
    static ModelFile openWeights(Path file, ResNetSpec spec) throws IOException {
        TensorFile weights = WeightFiles.open(file, spec);
        try {
            ResNetSpec fitting = ResNet.fitting(spec, weights);
            if (fitting.inChannels() != GREY && fitting.inChannels() != COLORS) {
                throw new MalformedFileException(
                        file, 0, "weights for images of " + fitting.inChannels() + " channels; pictures have 1 or 3");
            }
            EvaluationTransform transform = UsualPreparation.transform(fitting);
            ResNetSpec sized = fitting.withImages(transform.inputSize(), fitting.inChannels());
            return ModelFile.of(sized, numbered(sized.classes()), transform, file, weights);
        } catch (Throwable failure) {
            weights.close();
            throw failure;
        }
    }

    /** Names for classes without names. */
    static List<String> numbered(int classes) {
        return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    /** A description may be in order word by word and still ask for a tensor that no array can hold. */
    static ResNet create(ResNetSpec spec, Path file) throws MalformedFileException {
        try {
            return ResNet.undrawn(spec);
        } catch (IllegalArgumentException | ArithmeticException impossible) {
            throw new MalformedFileException(
                    file, 0, "describes a network that cannot be made: " + impossible.getMessage());
        }
    }
}
