package org.resnet4j.cli.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightFiles;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.LoadReport;
import org.resnet4j.resnet.state.ResNetIdentifier;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.StateDict;

/**
 * The trained weights that {@code --weights} names.
 *
 * @param name as the user named them
 * @param tensors by the names of their file
 * @param model where it is a model folder; null for a file of weights alone
 * @param spec the network
 * @param remarks is told which tensors are not used
 */
public record StartingPoint(
        String name, StateDict tensors, @Nullable Model model, ResNetSpec spec, Consumer<String> remarks) {
    /**
     * Reads the weights.
     *
     * @param options the network that a file of weights is of, if the user said one; else it is identified
     */
    public static StartingPoint read(ModelLocation location, WeightOptions options) throws CommandFailure, IOException {
        String name = location.name();
        if (!location.isFolder()) {
            ResNetSpec given = options.network();
            ResNetSpec spec = given != null ? given : WeightFiles.identify(location.path(), options);
            if (given == null) {
                options.remarks().accept(name + " has the weights of " + ResNets.description(spec));
            }
            StateDict tensors = WeightFiles.read(location.path(), options.withNetwork(spec));
            return new StartingPoint(name, tensors, null, spec, options.remarks());
        }
        location.checkFolder();
        Model model = ModelFolder.load(location.path(), options.withNetwork(null));
        ResNet network = model.network();
        return new StartingPoint(name, ResNetState.stateDict(network), model, network.spec(), options.remarks());
    }

    /**
     * Copies the weights into a network; a classifier of another shape stays as it is.
     *
     * @return whether the classifier was copied, too
     */
    public boolean applyTo(ResNet network) throws CommandFailure, IOException {
        LoadReport report = ResNetState.match(network, tensors);
        if (!report.networks().isEmpty()) {
            throw new AmbiguousWeightsException(Path.of(name), ResNetIdentifier.prefixes(tensors));
        }
        // The classifier's shape depends on the classes.
        if (!report.isExactBelow(network.spec().classifier())) {
            String known = ResNetIdentifier.identify(tensors).stream()
                    .findFirst()
                    .map(spec -> "; they are the weights of " + ResNets.description(spec))
                    .orElse("");
            throw CommandFailure.input(
                    name,
                    "--weights: " + name + " does not fit " + network.spec().name() + ": " + report.problems() + known);
        }
        ResNetState.load(network, tensors);
        var unused = new ArrayList<>(report.harmless());
        unused.addAll(report.classifiers());
        if (!unused.isEmpty()) {
            remarks.accept(name + ": not used: " + LoadReport.enumerated(List.copyOf(unused)));
        }
        return report.isComplete();
    }
}
