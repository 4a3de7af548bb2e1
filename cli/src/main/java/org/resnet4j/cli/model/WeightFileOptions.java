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

/** Options for reading a file of weights that has no description. */
public final class WeightFileOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            completionCandidates = NetworkNames.class,
            description = "The network of the catalogue that a weight file belongs to (default: the one that has its"
                    + " tensors). Images are then prepared as is usual for weights of that name, and not resized where"
                    + " they have the network's size.")
    private @Nullable String name;

    @Option(
            names = "--weights-key",
            paramLabel = "KEY",
            description = "Which weights of a file that holds several: a key of a PyTorch checkpoint (state_dict_ema,"
                    + " model.state_dict), or what the names begin with (encoder_q).")
    private @Nullable String key;

    /** Checks the values. */
    void check() {
        if (name != null) {
            NetworkNames.check(command, name);
        }
    }

    /**
     * The options for what was found.
     *
     * @throws ParameterException if options were given that have no effect on it
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
                            + " is for a weight file; " + location.name()
                            + " is a model folder, whose config.json tells the network");
        }
    }

    /** Refuses the options where the network is of the catalogue, not of a file. */
    void checkNone(String what) {
        if (name != null || key != null) {
            throw new ParameterException(
                    command.commandLine(),
                    (name != null ? "--model" : "--weights-key") + " is for a weight file; " + what + " is none");
        }
    }
}
