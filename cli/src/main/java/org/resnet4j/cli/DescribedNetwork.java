package org.resnet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.resnet4j.Model;
import org.resnet4j.ModelFolder;
import org.resnet4j.WeightFiles;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.weights.hub.Hub;

/**
 * A network that is described, not run: its weights are not read.
 *
 * @param imageSize rows and columns of the images that it is given
 */
record DescribedNetwork(ResNet network, int imageSize) {
    /** What a description on the command line may be. */
    static final String MODELS = "A model folder, hub:OWNER/NAME, an ONNX file, or one of ${COMPLETION-CANDIDATES}.";

    /** @param model a model folder, a model of the hub, an ONNX file or a name of the catalogue */
    static DescribedNetwork find(String model, Console console) throws CommandFailure, IOException {
        if (Hub.isName(model) || Files.isDirectory(Path.of(model))) {
            Model described = ofFolder(ModelLocation.find(model, console));
            return new DescribedNetwork(
                    described.network(), described.transform().inputSize());
        }
        ResNetSpec spec = Files.exists(Path.of(model)) ? ofFile(model, console) : ofCatalogue(model);
        return new DescribedNetwork(ResNet.undrawn(spec), spec.imageSize());
    }

    private static Model ofFolder(ModelLocation location) throws CommandFailure, IOException {
        try {
            return ModelFolder.describe(location.path());
        } catch (NoSuchFileException missing) {
            throw location.lacks(ModelFolder.CONFIG, missing);
        }
    }

    private static ResNetSpec ofFile(String model, Console console) throws CommandFailure, IOException {
        Path file = ModelLocation.find(model, console).path();
        return WeightFiles.network(file)
                .orElseThrow(() -> CommandFailure.input(
                        model,
                        model
                                + " is a weight file, which does not tell its network; resnet4j info NAME"
                                + " describes that"));
    }

    private static ResNetSpec ofCatalogue(String model) throws CommandFailure {
        return ResNets.find(model)
                .orElseThrow(() -> CommandFailure.input(
                        model, model + ": neither a model folder nor one of " + String.join(", ", ResNets.names())));
    }
}
