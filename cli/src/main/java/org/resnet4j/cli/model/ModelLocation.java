package org.resnet4j.cli.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.DownloadLine;
import org.resnet4j.cli.shell.Nearest;
import org.resnet4j.hub.Hub;
import org.resnet4j.hub.HubModel;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightFiles;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.quantization.ModelPlans;
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

    /** Names of weight files; a part of weights that are divided among several files has no network of its own. */
    private static final Pattern WEIGHT_FILE = Pattern.compile(
            "(?!.*-\\d{5}-of-\\d{5}\\.).*\\.(pth|pt|th|ckpt|bin|safetensors|onnx|(safetensors|bin)\\.index\\.json)",
            Pattern.CASE_INSENSITIVE);

    private static final int FILES_SHOWN = 3;

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
    CommandFailure lacks(String file, @Nullable Throwable cause) {
        return CommandFailure.input(name, name + " is not a model folder: it lacks " + file + weightFiles(), cause);
    }

    /** Returns a hint for a folder of weight files without a description. */
    private String weightFiles() {
        if (Files.exists(path.resolve(ModelFolder.CONFIG))) {
            return "";
        }
        List<String> files;
        try (Stream<Path> inside = Files.list(path)) {
            files = inside.filter(Files::isRegularFile)
                    .filter(file -> WEIGHT_FILE
                            .matcher(String.valueOf(file.getFileName()))
                            .matches())
                    .map(Path::toString)
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException unreadable) {
            return "";
        }
        return switch (files.size()) {
            case 0 -> "";
            case 1 -> "; name the weight file in it: " + files.getFirst();
            default ->
                "; name one of the weight files in it: "
                        + String.join(", ", files.subList(0, Math.min(files.size(), FILES_SHOWN)))
                        + (files.size() > FILES_SHOWN ? ", …" : "");
        };
    }

    /** Returns true if the network is quantized. */
    boolean isQuantized(WeightOptions options) throws IOException {
        return isFolder
                ? Files.exists(path.resolve(ModelFolder.CONFIG)) && ModelFolder.isQuantized(path)
                : ModelPlans.isQuantized(path, options.withEncoder().withRemarks(_ -> {}));
    }

    /** Rejects a folder without the description of a model. */
    public void checkFolder() throws CommandFailure {
        if (isFolder && !Files.exists(path.resolve(ModelFolder.CONFIG))) {
            throw lacks(ModelFolder.CONFIG, null);
        }
    }
}
