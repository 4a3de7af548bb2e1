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

/** The trained model that a command uses. */
public final class ModelParameter {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description =
                    "A model folder, as train writes it; hub:OWNER/NAME, a model of the Hugging Face Hub; or a file of"
                            + " weights: ONNX, safetensors or PyTorch (.pth, .pt, .th).")
    private String model;

    @Mixin
    private WeightFileOptions weights;

    /** Loads a model from a place that was found. */
    private interface Loading<T> {
        T load(ModelLocation location) throws IOException;
    }

    /** Loads the network itself. */
    public Model load(Console console) throws CommandFailure, IOException {
        return load(console, location -> ModelFolder.load(location.path(), weights.of(location, console)));
    }

    /**
     * Loads the model, ready to predict.
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
