package org.resnet4j.cli;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.Model;
import org.resnet4j.ModelFolder;
import org.resnet4j.WeightFiles;
import org.resnet4j.resnet.LoadReport;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.weights.StateDict;

/**
 * The trained weights that {@code --weights} names.
 *
 * @param name as the user named them
 * @param tensors by the names of their file
 * @param model where it is a model folder; null for a file of weights alone
 * @param spec the network, where folder or file tell; else null
 */
record StartingPoint(
        String name,
        StateDict tensors,
        @Nullable Model model,
        @Nullable ResNetSpec spec) {
    static StartingPoint read(String name, Console console) throws CommandFailure, IOException {
        ModelLocation location = ModelLocation.find(name, console);
        if (!location.isFolder()) {
            ResNetSpec spec = WeightFiles.network(location.path()).orElse(null);
            return new StartingPoint(name, WeightFiles.read(location.path()), null, spec);
        }
        location.checkFolder();
        Model model = ModelFolder.load(location.path());
        ResNet network = model.network();
        return new StartingPoint(name, network.stateDict(), model, network.spec());
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
                    name,
                    "--weights: " + name + " does not fit " + network.spec().name() + ": " + report.problems());
        }
        return report.isComplete();
    }

    private static boolean allOf(String layer, List<String> names) {
        return names.stream().allMatch(name -> name.startsWith(layer));
    }
}
