package org.resnet4j.cli.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.hub.Hub;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;

/**
 * A network that is described, not run: its weights are not read.
 *
 * @param imageSize rows and columns of the images that it is given
 */
public record DescribedNetwork(ResNet network, int imageSize) {
    /** What a description on the command line may be. */
    public static final String MODELS =
            "A model folder, hub:OWNER/NAME, a file of weights (ONNX, safetensors, PyTorch), or one of"
                    + " ${COMPLETION-CANDIDATES}.";

    /**
     * Finds a network.
     *
     * @param model a model folder, a model of the hub, a file of weights or a name of the catalogue
     * @param weights how a file of weights is to be understood
     */
    public static DescribedNetwork find(String model, WeightFileOptions weights, Console console)
            throws CommandFailure, IOException {
        weights.check();
        if (!Hub.isName(model) && !Files.exists(Path.of(model))) {
            ResNetSpec spec = ofCatalogue(model);
            weights.checkNone(model);
            return new DescribedNetwork(ResNet.undrawn(spec), spec.imageSize());
        }
        ModelLocation location = ModelLocation.find(model, console);
        WeightOptions options = weights.of(location, console);
        if (location.isFolder()) {
            Model described = ofFolder(location);
            return new DescribedNetwork(
                    described.network(), described.transform().inputSize());
        }
        Model described = ModelFolder.describe(location.path(), options);
        return new DescribedNetwork(described.network(), described.transform().inputSize());
    }

    private static Model ofFolder(ModelLocation location) throws CommandFailure, IOException {
        try {
            return ModelFolder.describe(location.path());
        } catch (NoSuchFileException missing) {
            throw location.lacks(ModelFolder.CONFIG, missing);
        }
    }

    private static ResNetSpec ofCatalogue(String model) throws CommandFailure {
        return ResNets.find(model)
                .orElseThrow(() -> CommandFailure.input(
                        model,
                        model + ": neither a model folder, nor a file, nor one of "
                                + String.join(", ", ResNets.names())));
    }
}
