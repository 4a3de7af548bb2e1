package org.resnet4j.cli.model;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.resnet4j.ImageClassifier;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.inference.PlanOptions.Goal;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightOptions;
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

    /** A way of loading a model from a location. */
    private interface Loading<T> {
        T load(Path path, WeightOptions options) throws IOException;
    }

    /** Loads the model with its network. */
    public Model load(Console console) throws CommandFailure, IOException {
        return load(console, ModelFolder::load);
    }

    /** Loads the model as a classifier. */
    public ImageClassifier classifier(int threads, Goal goal, Console console) throws CommandFailure, IOException {
        return load(console, (path, options) -> ImageClassifier.load(path, options, threads, goal));
    }

    private <T> T load(Console console, Loading<T> loading) throws CommandFailure, IOException {
        weights.check();
        ModelLocation location = ModelLocation.find(model, console);
        WeightOptions options = weights.of(location, console);
        try {
            return loading.load(location.path(), options);
        } catch (NoSuchFileException missing) {
            Path file = Path.of(missing.getFile()).getFileName();
            throw location.lacks(String.valueOf(file), missing);
        }
    }
}
