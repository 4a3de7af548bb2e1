package org.resnet4j.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.onnx.OnnxSource;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.LoadReport;
import org.resnet4j.resnet.state.ResNetIdentifier;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.TensorFile;

/**
 * Trained weights from which training starts.
 *
 * @param name name for messages
 * @param tensors tensors by their names in the file
 * @param model model of a model folder, or of a file with a description: a {@code config.json} in its folder, or a
 *     graph that normalizes its images; the network of such a file has zeros for weights; null for other files
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
     * Reads the weights of a model folder or of a file. A file is read as the {@code config.json} in its folder
     * describes it, as in {@link ModelFolder#load(Path, WeightOptions)}.
     *
     * @param name name for messages
     * @param options network of a file of weights; if absent, it is that of the description, or identified by the tensors
     * @throws IOException if it cannot be read or is malformed; the message names it
     */
    public static StartingWeights read(String name, Path path, WeightOptions options) throws IOException {
        if (Files.isDirectory(path)) {
            Model model = ModelFolder.load(path, options.withNetwork(null).withEncoder());
            return new StartingWeights(
                    name, tensors(model), model, model.network().spec(), options.remarks());
        }
        try (TensorFile file = WeightFiles.open(path, options)) {
            Model beside = beside(path, file, options);
            ResNetSpec given = beside != null ? beside.network().spec() : options.network();
            ResNetSpec spec = given != null ? given : WeightFiles.identify(path, file);
            if (given == null) {
                options.remarks().accept(name + " has the weights of " + ResNets.description(spec));
            }
            file.remarks().forEach(remark -> options.remarks().accept(path + ": " + remark));
            Model model = beside != null ? beside : ofGraph(file);
            return new StartingWeights(name, StateDict.copyOf(file), model, spec, options.remarks());
        }
    }

    /** Returns the model that a description beside a file describes; null if there is none. Its weights are zeros. */
    private static @Nullable Model beside(Path path, TensorFile file, WeightOptions options) throws IOException {
        return DescriptionBeside.of(path, file, options.withEncoder(), "network and preprocessing")
                .map(config -> new Model(ResNet.undrawn(config.spec()), config.labels(), config.transform()))
                .orElse(null);
    }

    /** Returns the model of a graph that normalizes its images; null for other files. Its weights are zeros. */
    private static @Nullable Model ofGraph(TensorFile file) {
        if (!(file instanceof OnnxSource graph) || graph.normalization().isEmpty()) {
            return null;
        }
        ResNetSpec spec = graph.spec();
        List<String> labels =
                IntStream.range(0, spec.classes()).mapToObj(Integer::toString).toList();
        return new Model(ResNet.undrawn(spec), labels, ModelFolder.transform(spec, file));
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
