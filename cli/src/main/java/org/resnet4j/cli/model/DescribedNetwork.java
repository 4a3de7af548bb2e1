package org.resnet4j.cli.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
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
 * A network that is described, not run; its weights are not read.
 *
 * @param network the network
 * @param imageSize the rows and columns of its input images
 * @param quantized the file or folder of a quantized network; null for one in float32
 * @param options the options for reading it
 */
public record DescribedNetwork(
        ResNet network, int imageSize, @Nullable Path quantized, WeightOptions options) {
    /** Help text for a parameter that names a network. */
    public static final String MODELS =
            "A model folder, hub:OWNER/NAME, a weight file (safetensors, PyTorch or ONNX), or the name of a network,"
                    + " such as resnet50 or plain20. An unknown name lists all networks.";

    /**
     * Finds a network.
     *
     * @param model a model folder, a model of the hub, a weight file or a name in the catalog
     * @param weights the options for reading a weight file
     */
    public static DescribedNetwork find(String model, WeightFileOptions weights, Console console)
            throws CommandFailure, IOException {
        weights.check();
        if (!Hub.isName(model) && !Files.exists(Path.of(model))) {
            ResNetSpec spec = ofCatalogue(model);
            weights.checkNone(model);
            return new DescribedNetwork(ResNet.undrawn(spec), spec.imageSize(), null, WeightOptions.defaults());
        }
        ModelLocation location = ModelLocation.find(model, console);
        WeightOptions options = weights.of(location, console);
        Model described = location.isFolder() ? ofFolder(location) : ModelFolder.describe(location.path(), options);
        return new DescribedNetwork(
                described.network(),
                described.transform().inputSize(),
                location.isQuantized(options) ? location.path() : null,
                options.withRemarks(_ -> {})); // told when it was described
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
                        model + ": neither a model folder, nor a file, nor the name of a network"
                                + NetworkNames.suggestion(model),
                        NetworkNames.groups()));
    }
}
