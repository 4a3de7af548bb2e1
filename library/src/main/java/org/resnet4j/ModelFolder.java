package org.resnet4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.safetensors.SafetensorsFile;
import org.resnet4j.weights.safetensors.SafetensorsSource;

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

    /** Pixels up to which a network sees the whole image; larger ones see the middle, as is usual for photographs. */
    private static final int SMALL_IMAGE = 64;

    private static final int GREY = 1;
    private static final int COLORS = 3;

    private static final double PHOTOGRAPH_CROP = 0.875;

    private ModelFolder() {}

    /** Whether a folder holds a model, or a part of one. */
    public static boolean isModel(Path folder) {
        return Files.exists(folder.resolve(CONFIG)) || Files.exists(folder.resolve(WEIGHTS));
    }

    /**
     * Saves a model; the folder is made where it is missing. Each file is written beside the old one, forced to disk and
     * renamed, so that a model that was there is whole at every moment.
     *
     * @throws IOException if the folder cannot be written
     */
    public static void save(Path folder, Model model) throws IOException {
        Files.createDirectories(folder);
        new SafetensorsFile(model.network().stateDict(), Map.of("format", "pt")).write(folder.resolve(WEIGHTS));
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
        Path file = folder.resolve(WEIGHTS);
        return ModelFile.of(config.spec(), config.labels(), config.transform(), file, SafetensorsSource.open(file));
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
     * are the file's; the classes have their numbers as names; images are normalized as ImageNet's and resized unless they
     * have the network's size already.
     *
     * @param file safetensors with torchvision's or timm's names, or the usual others
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
        SafetensorsSource weights = SafetensorsSource.open(file);
        ResNetSpec fitting = ResNet.fitting(spec, weights);
        if (fitting.inChannels() != GREY && fitting.inChannels() != COLORS) {
            weights.close();
            throw new MalformedFileException(
                    file, 0, "weights for images of " + fitting.inChannels() + " channels; pictures have 1 or 3");
        }
        return ModelFile.of(fitting, numbered(fitting.classes()), defaultTransform(fitting), file, weights);
    }

    /** What images go through where nothing is known but the network. */
    private static EvaluationTransform defaultTransform(ResNetSpec spec) {
        Normalization normalization =
                spec.inChannels() == 3 ? Normalization.IMAGENET : Normalization.uniform(spec.inChannels(), 0.5f, 0.5f);
        double crop = spec.imageSize() <= SMALL_IMAGE ? 1 : PHOTOGRAPH_CROP;
        return EvaluationTransform.ofCropPct(spec.imageSize(), crop, Interpolation.BILINEAR, normalization)
                .keepingMatching();
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
