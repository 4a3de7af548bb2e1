package org.resnet4j.cli.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.DownloadLine;
import org.resnet4j.cli.shell.Nearest;
import org.resnet4j.hub.Hub;
import org.resnet4j.hub.HubModel;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightFiles;
import org.resnet4j.resnet.ResNets;

/**
 * The location of trained weights on this machine.
 *
 * @param name the name given by the user: a folder, a file, or {@code hub:OWNER/NAME}
 * @param path the model folder or the weight file
 * @param isFolder true for a model folder, which describes the network
 */
public record ModelLocation(String name, Path path, boolean isFolder) {
    /** Networks of which timm has trained weights under the same name, with the suffix {@code .a1_in1k}. */
    private static final List<String> ON_THE_HUB =
            List.of("resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d");

    /**
     * Finds the weights. A model of the hub is downloaded unless it is cached.
     *
     * @throws CommandFailure if there are none
     */
    public static ModelLocation find(String name, Console console) throws CommandFailure, IOException {
        if (Hub.isName(name)) {
            return ofHub(name, Hub.of(System.getenv()), console);
        }
        Path path = path(name);
        if (path == null || !Files.exists(path)) {
            throw CommandFailure.input(name, name + ": no such model folder or weight file" + meant(name));
        }
        if (!Files.isDirectory(path)) {
            WeightFiles.checkKnown(path);
        }
        return new ModelLocation(name, path, Files.isDirectory(path));
    }

    /** Returns a hint for a name that stands for a network without weights. */
    private static String meant(String name) {
        List<String> networks = Nearest.of(name, ResNets.names());
        if (networks.size() != 1) {
            return "";
        }
        String network = networks.getFirst();
        String trained = ON_THE_HUB.contains(network) ? network : ON_THE_HUB.getFirst();
        return "; " + network + " is a network without weights: train it, or name trained weights of the Hugging Face"
                + " Hub, such as hub:timm/" + trained + ".a1_in1k";
    }

    private static ModelLocation ofHub(String name, Hub hub, Console console) throws IOException {
        HubModel model = hub.model(name, new DownloadLine(console));
        Path path = model.location();
        return new ModelLocation(name, path, Files.isDirectory(path));
    }

    private static @Nullable Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException impossible) {
            return null;
        }
    }

    /** Returns the failure for a folder that lacks a file of a model. */
    CommandFailure lacks(String file, Throwable cause) {
        return CommandFailure.input(name, name + " is not a model folder: it lacks " + file, cause);
    }

    /** Rejects a folder without a model. */
    public void checkFolder() throws CommandFailure {
        if (isFolder && !ModelFolder.isModel(path)) {
            throw CommandFailure.input(name, name + " is not a model folder: it lacks " + ModelFolder.WEIGHTS);
        }
    }
}
