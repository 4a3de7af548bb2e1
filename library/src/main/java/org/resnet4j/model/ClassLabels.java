package org.resnet4j.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.model.labels.LabelFile;
import org.resnet4j.model.labels.LabelSet;
import org.resnet4j.onnx.OnnxSource;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.TensorFile;

/** The choice of the class names of a model. */
final class ClassLabels {
    private ClassLabels() {}

    /**
     * Class names and their origin.
     *
     * @param assumption the origin of names that are only assumed, for a sentence; null if they are known
     */
    record Found(List<String> names, @Nullable String assumption) {}

    /**
     * Returns the class names of a model folder: the given ones, or those of the description. Names that the
     * description does not have are remarked.
     */
    static List<String> ofFolder(Path description, ModelConfig config, WeightOptions options)
            throws UnfitWeightsException {
        Optional<List<String>> given = given(description.toString(), config.spec(), options);
        LabelSet assumed = config.assumed();
        if (given.isEmpty() && assumed != null) {
            options.remarks().accept(description + " has no class names; those of " + assumed.title() + " are assumed");
        }
        return given.orElse(config.labels());
    }

    /**
     * Returns the class names of a file of weights: the given ones; those that the file itself has, or that stand
     * beside it ({@link LabelFile#beside}); those of the dataset that it was trained on, as far as it can be told; or
     * numbers.
     */
    static Found ofFile(Path file, ResNetSpec spec, TensorFile weights, WeightOptions options) throws IOException {
        Optional<List<String>> given = given(file.toString(), spec, options);
        if (given.isPresent()) {
            return new Found(given.get(), null);
        }
        List<String> inside = weights instanceof OnnxSource onnx ? onnx.labels() : List.of();
        if (!inside.isEmpty()) {
            checkCount(file, inside, spec);
            return new Found(inside, null);
        }
        Optional<List<String>> beside = beside(file, spec, options);
        if (beside.isPresent()) {
            return new Found(beside.get(), null);
        }
        return LabelSet.ofWeights(spec, file)
                .map(set -> new Found(set.names(), "the class names of " + set.title()))
                .orElseGet(() -> new Found(ModelConfig.numbered(spec.classes()), "numbers as class names"));
    }

    /** Returns the class names that stand beside a file of weights ({@link LabelFile#beside}); the given ones go first. */
    static Optional<List<String>> beside(Path file, ResNetSpec spec, WeightOptions options) throws IOException {
        Path beside = LabelFile.beside(file);
        if (options.labels() != null || !Files.isRegularFile(beside)) {
            return Optional.empty();
        }
        List<String> names = LabelFile.read(beside);
        checkCount(beside, names, spec);
        options.remarks().accept("the class names are those of " + beside);
        return Optional.of(names);
    }

    private static Optional<List<String>> given(String model, ResNetSpec spec, WeightOptions options)
            throws UnfitWeightsException {
        List<String> labels = options.labels();
        if (labels != null && labels.size() != spec.classes()) {
            throw new UnfitWeightsException(
                    model,
                    "has " + spec.classes() + " classes, but " + labels.size() + " class name"
                            + (labels.size() == 1 ? " was" : "s were") + " given");
        }
        return Optional.ofNullable(labels);
    }

    private static void checkCount(Path file, List<String> names, ResNetSpec spec) throws MalformedFileException {
        if (names.size() != spec.classes()) {
            throw new MalformedFileException(
                    file, "it has " + names.size() + " class names for " + spec.classes() + " classes");
        }
    }
}
