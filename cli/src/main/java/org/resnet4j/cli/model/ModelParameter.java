package org.resnet4j.cli.model;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.resnet4j.ImageClassifier;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The parameter that names a trained model. */
public final class ModelParameter {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description =
                    "A model folder written by train, a model of the Hugging Face Hub (hub:OWNER/NAME), or a weight"
                            + " file (safetensors, PyTorch or ONNX).")
    private String model;

    @Mixin
    private WeightFileOptions weights;

    /** Returns the name of the model, as the user typed it. */
    public String typed() {
        return model;
    }

    /** Returns the name of a loaded model. */
    public ModelName name(Model loaded) {
        return ModelName.of(model, loaded.network().spec().name());
    }

    /** A way of loading a model from a location. */
    private interface Loading<T> {
        T load(ModelLocation location) throws CommandFailure, IOException;
    }

    /** Loads the model with its network. */
    public Model load(Console console) throws CommandFailure, IOException {
        return load(console, location -> ModelFolder.load(location.path(), weights.of(location, console)));
    }

    /**
     * Loads the model as a classifier.
     *
     * @param settings added to those that the model needs
     */
    public ImageClassifier classifier(UnaryOperator<ImageClassifier.Builder> settings, Console console)
            throws CommandFailure, IOException {
        return load(
                console,
                location ->
                        settings.apply(weights.classifier(location, console)).build());
    }

    /**
     * Loads the model for its embeddings, even if it has no classifier.
     *
     * @param settings added to those that the model needs
     */
    public Encoder encoder(UnaryOperator<ImageClassifier.Builder> settings, Console console)
            throws CommandFailure, IOException {
        Model loaded = load(
                console,
                location -> ModelFolder.load(
                        location.path(), weights.of(location, console).withEncoder()));
        return new Encoder(settings.apply(classifier(loaded, console)).build(), loaded.hasClassifier());
    }

    /** Returns true if the network is quantized. */
    public boolean isQuantized(Console console) throws CommandFailure, IOException {
        weights.check();
        ModelLocation location = ModelLocation.find(model, console);
        return location.isQuantized(weights.of(location, console));
    }

    /** Returns a classifier for this model, which was loaded, in the number format of its file. */
    public ImageClassifier.Builder classifier(Model loaded, Console console) throws CommandFailure, IOException {
        ModelLocation location = ModelLocation.find(model, console);
        return location.isQuantized(weights.of(location, console))
                ? weights.classifier(location, console).remarks(_ -> {}) // told when it was loaded
                : ImageClassifier.builder().model(loaded);
    }

    /**
     * A model for embeddings.
     *
     * @param hasClassifier false if only the embedding is valid
     */
    public record Encoder(ImageClassifier classifier, boolean hasClassifier) {}

    private <T> T load(Console console, Loading<T> loading) throws CommandFailure, IOException {
        weights.check();
        ModelLocation location = ModelLocation.find(model, console);
        try {
            return loading.load(location);
        } catch (NoSuchFileException missing) {
            Path file = Path.of(missing.getFile()).getFileName();
            throw location.lacks(String.valueOf(file), missing);
        }
    }
}
