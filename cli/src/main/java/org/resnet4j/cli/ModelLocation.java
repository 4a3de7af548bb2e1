package org.resnet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.resnet4j.ModelFolder;
import org.resnet4j.WeightFiles;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.weights.hub.Hub;
import org.resnet4j.weights.hub.HubModel;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Where trained weights are on this machine.
 *
 * @param name as the user named it: a folder, a file, or {@code hub:OWNER/NAME}
 * @param path the model folder or the file of weights
 * @param isFolder whether it is a model folder, with a description of the network
 */
record ModelLocation(String name, Path path, boolean isFolder) {
    /**
     * Finds it; a model of the hub is downloaded unless it is in the cache.
     *
     * @throws CommandFailure if there is none
     */
    static ModelLocation find(String name, Console console) throws CommandFailure, IOException {
        if (Hub.isName(name)) {
            return ofHub(name, Hub.of(System.getenv()), console);
        }
        Path path = path(name);
        if (path == null || !Files.exists(path)) {
            throw CommandFailure.input(name, name + ": no such model folder or weight file");
        }
        if (!Files.isDirectory(path) && !WeightFiles.isWeights(path)) {
            throw CommandFailure.input(
                    name, name + " is neither a model folder nor a file of weights (safetensors, PyTorch, ONNX)");
        }
        return new ModelLocation(name, path, Files.isDirectory(path));
    }

    private static ModelLocation ofHub(String name, Hub hub, Console console) throws IOException {
        HubModel model = hub.model(name, new DownloadLine(console));
        Path folder = model.weights().getParent();
        return model.config() == null || folder == null
                ? new ModelLocation(name, model.weights(), false)
                : new ModelLocation(name, folder, true);
    }

    private static @Nullable Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException impossible) {
            return null;
        }
    }

    /**
     * The network that a file of weights is of.
     *
     * @param given the catalogue's name for it, if the user said one
     * @param command whose user is told that he has to say one
     */
    ResNetSpec network(@Nullable String given, CommandSpec command) throws IOException {
        if (given != null) {
            NetworkOptions.checkName(command, given);
            return ResNets.named(given);
        }
        return WeightFiles.network(path)
                .orElseThrow(() -> new ParameterException(
                        command.commandLine(),
                        name + " is a weight file; say which network it belongs to with --model NAME, such as resnet50;"
                                + " resnet4j info --help lists the names"));
    }

    /** What to say of a folder that lacks a file of a model. */
    CommandFailure lacks(String file, Throwable cause) {
        return CommandFailure.input(name, name + " is no model folder: it lacks " + file, cause);
    }

    /** Refuses a folder without a model. */
    void checkFolder() throws CommandFailure {
        if (isFolder && !ModelFolder.isModel(path)) {
            throw CommandFailure.input(name, name + " is no model folder: it lacks " + ModelFolder.WEIGHTS);
        }
    }
}
