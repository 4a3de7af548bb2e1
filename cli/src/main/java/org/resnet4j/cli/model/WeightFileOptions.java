package org.resnet4j.cli.model;

import org.jspecify.annotations.Nullable;
import org.resnet4j.ImageClassifier;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.resnet.ResNets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options for reading a weight file that does not describe its network. */
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
     */
    WeightOptions of(ModelLocation location, Console console) {
        check(location);
        return WeightOptions.defaults()
                .withNetwork(name == null ? null : ResNets.named(name))
                .withKey(key)
                .withRemarks(console::note);
    }

    /**
     * The description of a classifier for what was found.
     *
     * @throws ParameterException if options were given that have no effect on it
     */
    ImageClassifier.Builder classifier(ModelLocation location, Console console) {
        check(location);
        var builder = ImageClassifier.builder().model(location.path()).remarks(console::note);
        if (name != null) {
            builder.network(name);
        }
        if (key != null) {
            builder.weightsKey(key);
        }
        return builder;
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
    }
}
