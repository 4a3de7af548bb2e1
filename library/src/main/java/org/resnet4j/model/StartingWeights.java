package org.resnet4j.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.LoadReport;
import org.resnet4j.resnet.state.ResNetIdentifier;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.StateDict;

/**
 * Trained weights from which training starts.
 *
 * @param name name for messages
 * @param tensors tensors by their names in the file
 * @param model model of a model folder; null for a file of weights
 * @param spec the network
 * @param remarks receives the names of unused tensors
 * @since 0.1.0
 */
public record StartingWeights(
        String name, StateDict tensors, @Nullable Model model, ResNetSpec spec, Consumer<String> remarks) {
    /**
     * Reads the weights of a model folder or of a file.
     *
     * @throws IOException if it cannot be read or is malformed; the message names it
     */
    public static StartingWeights read(Path path) throws IOException {
        return read(path.toString(), path, WeightOptions.defaults());
    }

    /**
     * Reads the weights of a model folder or of a file.
     *
     * @param name name for messages
     * @param options network of a file of weights; if absent, it is identified by its tensors
     * @throws IOException if it cannot be read or is malformed; the message names it
     */
    public static StartingWeights read(String name, Path path, WeightOptions options) throws IOException {
        if (Files.isDirectory(path)) {
            Model model = ModelFolder.load(path, options.withNetwork(null).withEncoder());
            return new StartingWeights(
                    name, tensors(model), model, model.network().spec(), options.remarks());
        }
        ResNetSpec given = options.network();
        ResNetSpec spec = given != null ? given : WeightFiles.identify(path, options);
        if (given == null) {
            options.remarks().accept(name + " has the weights of " + ResNets.description(spec));
        }
        StateDict tensors = WeightFiles.read(path, options.withNetwork(spec));
        return new StartingWeights(name, tensors, null, spec, options.remarks());
    }

    /** Returns the weights of a model; without a classifier if it has none. */
    private static StateDict tensors(Model model) {
        StateDict state = ResNetState.stateDict(model.network());
        if (model.hasClassifier()) {
            return state;
        }
        var body = new StateDict();
        String classifier = model.network().spec().classifier() + ".";
        state.tensors().forEach((name, tensor) -> {
            if (!name.startsWith(classifier)) {
                body.put(name, tensor);
            }
        });
        return body;
    }

    /**
     * Copies the weights into a network. A classifier of another shape, such as for other classes, keeps its initial
     * weights.
     *
     * @return true if the classifier was also copied
     * @throws UnfitWeightsException if other layers differ
     * @throws AmbiguousWeightsException if the weights are those of several networks
     */
    public boolean applyTo(ResNet network) throws IOException {
        LoadReport report = ResNetState.match(network, tensors);
        if (!report.networks().isEmpty()) {
            throw new AmbiguousWeightsException(Path.of(name), ResNetIdentifier.prefixes(tensors));
        }
        // The classifier's shape depends on the number of classes.
        if (!report.isExactBelow(network.spec().classifier())) {
            String known = ResNetIdentifier.identify(tensors).stream()
                    .findFirst()
                    .map(spec -> "; they are the weights of " + ResNets.description(spec))
                    .orElse("");
            throw new UnfitWeightsException(
                    name, "does not fit " + network.spec().name() + ": " + report.problems() + known);
        }
        ResNetState.load(network, tensors);
        var unused = new ArrayList<>(report.harmless());
        unused.addAll(report.classifiers());
        if (!unused.isEmpty()) {
            remarks.accept(name + ": not used: " + LoadReport.enumerated(List.copyOf(unused)));
        }
        if (report.isComplete()) {
            report.assumptions(network.spec().classifier(), tensors)
                    .forEach(remark -> remarks.accept(name + ": " + remark));
        }
        return report.isComplete();
    }
}
