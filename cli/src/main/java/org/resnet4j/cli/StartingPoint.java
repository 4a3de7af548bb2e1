package org.resnet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.Model;
import org.resnet4j.ModelFolder;
import org.resnet4j.resnet.LoadReport;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.safetensors.SafetensorsFile;

/**
 * The trained weights that {@code --weights} names.
 *
 * @param path as the user named it
 * @param tensors by torchvision's names
 * @param model where it is a model folder: what it is of; null for a file of weights alone
 */
record StartingPoint(Path path, StateDict tensors, @Nullable Model model) {
    static StartingPoint read(Path path) throws CommandFailure, IOException {
        if (!Files.exists(path)) {
            throw CommandFailure.input(path, "--weights: " + path + ": no such file or folder");
        }
        if (Files.isDirectory(path)) {
            if (!ModelFolder.isModel(path)) {
                throw CommandFailure.input(
                        path, "--weights: " + path + " is no model folder: it lacks " + ModelFolder.WEIGHTS);
            }
            Model model = ModelFolder.load(path);
            return new StartingPoint(path, model.network().stateDict(), model);
        }
        return new StartingPoint(path, SafetensorsFile.read(path).tensors(), null);
    }

    /**
     * Copies the weights into a network; a classifier of another shape stays as it is.
     *
     * @return whether the classifier was copied, too
     */
    boolean applyTo(ResNet network) throws CommandFailure {
        LoadReport report = network.load(tensors);
        // The classifier's shape depends on the classes.
        String classifier = network.spec().classifier() + ".";
        boolean backboneFits = allOf(classifier, report.missing()) && allOf(classifier, report.mismatched());
        if (!backboneFits) {
            throw CommandFailure.input(
                    path,
                    "--weights: " + path + " does not fit " + network.spec().name() + ": " + report.problems());
        }
        return report.isComplete();
    }

    private static boolean allOf(String layer, List<String> names) {
        return names.stream().allMatch(name -> name.startsWith(layer));
    }
}
