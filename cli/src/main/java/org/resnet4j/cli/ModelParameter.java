package org.resnet4j.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.resnet4j.ImageClassifier;
import org.resnet4j.Model;
import org.resnet4j.ModelFolder;
import org.resnet4j.inference.PlanOptions.Goal;
import org.resnet4j.resnet.ResNetSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The trained model that a command uses. */
final class ModelParameter {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A model folder, as train writes it; hub:OWNER/NAME, a model of the Hugging Face Hub; an ONNX"
                    + " file; or a safetensors or PyTorch file (.pth, .pt, .th) together with --model.")
    private String model;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            completionCandidates = NetworkNames.class,
            description =
                    "The network of the catalogue that a weight file belongs to. Images are then prepared as is usual"
                            + " for weights of that name, and not resized where they have the network's size.")
    private @Nullable String name;

    /** Loads the network itself. */
    Model load(Console console) throws CommandFailure, IOException {
        if (name != null) {
            NetworkOptions.checkName(command, name);
        }
        ModelLocation location = ModelLocation.find(model, console);
        if (!location.isFolder()) {
            return ModelFolder.loadWeights(location.path(), location.network(name, command));
        }
        location.checkFolder();
        try {
            return ModelFolder.load(location.path());
        } catch (NoSuchFileException missing) {
            Path file = Path.of(missing.getFile()).getFileName();
            throw location.lacks(String.valueOf(file), missing);
        }
    }

    /** Loads the model, ready to predict. */
    ImageClassifier classifier(int threads, Goal goal, Console console) throws CommandFailure, IOException {
        if (name != null) {
            NetworkOptions.checkName(command, name);
        }
        ModelLocation location = ModelLocation.find(model, console);
        if (location.isFolder()) {
            try {
                return ImageClassifier.load(location.path(), threads, goal);
            } catch (NoSuchFileException missing) {
                Path file = Path.of(missing.getFile()).getFileName();
                throw location.lacks(String.valueOf(file), missing);
            }
        }
        ResNetSpec spec = location.network(name, command);
        return ImageClassifier.loadWeights(location.path(), spec, threads, goal);
    }
}
