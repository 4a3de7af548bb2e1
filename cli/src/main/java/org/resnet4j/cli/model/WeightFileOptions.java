package org.resnet4j.cli.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.resnet4j.ImageClassifier;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.model.labels.LabelFile;
import org.resnet4j.model.labels.LabelSet;
import org.resnet4j.resnet.ResNets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options for reading a model that does not describe itself: a weight file, and class names. */
public final class WeightFileOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            completionCandidates = NetworkNames.class,
            description = "Network of a weight file (default: identified by its tensors). Images get the usual"
                    + " preprocessing for weights of this name, and are not resized if they already have the"
                    + " network's input size.")
    private @Nullable String name;

    @Option(
            names = "--weights-key",
            paramLabel = "KEY",
            description = "Weights to read from a file that contains several sets: a key of a PyTorch checkpoint"
                    + " (state_dict_ema) or the prefix of the tensor names (encoder_q).")
    private @Nullable String key;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            completionCandidates = LabelSets.class,
            description = "Class names in the order of the scores: a file with one name in each line, or JSON; or"
                    + " ${COMPLETION-CANDIDATES} (default: those of the model).")
    private @Nullable String labels;

    /** The names of known sets of class names. */
    private static final class LabelSets extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        LabelSets() {
            super(Arrays.stream(LabelSet.values()).map(LabelSet::id).toList());
        }
    }

    /** Checks the values. */
    void check() {
        if (name != null) {
            NetworkNames.check(command, name);
        }
    }

    /**
     * Returns the options for the weights found.
     *
     * @throws ParameterException if options were given that do not apply to them
     * @throws IOException if the file of class names cannot be read
     */
    WeightOptions of(ModelLocation location, Console console) throws CommandFailure, IOException {
        check(location);
        return WeightOptions.defaults()
                .withNetwork(name == null ? null : ResNets.named(name))
                .withKey(key)
                .withLabels(labels == null ? null : names(labels, console))
                .withRemarks(console::note);
    }

    /**
     * The description of a classifier for what was found.
     *
     * @throws ParameterException if options were given that have no effect on it
     * @throws IOException if the file of class names cannot be read
     */
    ImageClassifier.Builder classifier(ModelLocation location, Console console) throws CommandFailure, IOException {
        check(location);
        var builder = ImageClassifier.builder().model(location.path()).remarks(console::note);
        if (name != null) {
            builder.network(name);
        }
        if (key != null) {
            builder.weightsKey(key);
        }
        if (labels != null) {
            builder.labels(names(labels, console));
        }
        return builder;
    }

    private static List<String> names(String source, Console console) throws CommandFailure, IOException {
        Optional<LabelSet> set = LabelSet.named(source);
        if (set.isPresent()) {
            return set.get().names();
        }
        if (Files.notExists(Path.of(source))) {
            throw CommandFailure.input(source, source + ": no such file");
        }
        List<String> names = LabelFile.read(Path.of(source));
        var known = new HashSet<String>();
        names.stream()
                .filter(label -> !known.add(label))
                .findFirst()
                .ifPresent(label -> console.note(source + ": several classes have the name " + label));
        return names;
    }

    private void check(ModelLocation location) {
        if (location.isFolder() && (name != null || key != null)) {
            throw new ParameterException(
                    command.commandLine(),
                    (name != null ? "--model" : "--weights-key")
                            + " is for a weight file; " + location.name() + " is a model folder, whose config.json"
                            + " names the network");
        }
    }

    /** Rejects the options if the network comes from the catalog and not from a file. */
    void checkNone(String what) {
        if (name != null || key != null) {
            throw new ParameterException(
                    command.commandLine(),
                    (name != null ? "--model" : "--weights-key") + " is for a weight file; " + what + " is not one");
        }
        if (labels != null) {
            throw new ParameterException(
                    command.commandLine(), "--labels is for a trained model; " + what + " has no weights");
        }
    }
}
