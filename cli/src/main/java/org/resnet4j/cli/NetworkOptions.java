package org.resnet4j.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.layer.Parameter;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which network is trained, and from where it starts. */
final class NetworkOptions {
    private static final List<String> SHORTCUTS = List.of("A", "B", "C");
    private static final String BACKBONE = "backbone";

    /** What belongs to the classifier; all else is the backbone. */
    private static final String CLASSIFIER_PREFIX = "fc.";

    @Option(
            names = "--model",
            paramLabel = "NAME",
            completionCandidates = NetworkNames.class,
            description = "A network of the catalogue (default: resnet20 for images up to 64 pixels, else resnet18;"
                    + " that of --weights where this is a model folder). resnet20, 32, 44, 56, 110 and 1202 are for"
                    + " small images, resnet18, 34, 50, 101 and 152 for photographs; plain20 and so on are the same"
                    + " without shortcuts.")
    private @Nullable String model;

    @Option(
            names = "--shortcut",
            paramLabel = "A|B|C",
            description = "Where a block changes the shape: A pads with zeros, B projects; C projects in every block"
                    + " (default: what the catalogue says).")
    private @Nullable String shortcut;

    @Option(
            names = "--weights",
            paramLabel = "FILE|DIR",
            description = "Start from these weights: a model folder, or a safetensors file with torchvision's names."
                    + " The classifier starts anew where the number of classes differs.")
    private @Nullable Path weights;

    @Option(
            names = "--freeze",
            paramLabel = BACKBONE,
            description = "backbone: train the classifier alone; goes with --weights.")
    private @Nullable String freeze;

    void check(CommandSpec command) {
        if (model != null) {
            checkName(command, model);
        }
        if (shortcut != null) {
            Range.checkOneOf(command, "--shortcut", shortcut, SHORTCUTS);
            if (model != null && model.startsWith("plain")) {
                throw new ParameterException(
                        command.commandLine(), "--shortcut does not go with " + model + ", which has no shortcuts");
            }
        }
        if (freeze != null) {
            Range.checkOneOf(command, "--freeze", freeze, List.of(BACKBONE));
            if (weights == null) {
                throw new ParameterException(
                        command.commandLine(), "--freeze backbone needs --weights, or it would keep random numbers");
            }
        }
    }

    static void checkName(CommandSpec command, String model) {
        if (ResNets.find(model).isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--model: no network is named " + model + "; there are " + String.join(", ", ResNets.names()));
        }
    }

    @Nullable
    String model() {
        return model;
    }

    @Nullable
    Path weights() {
        return weights;
    }

    ResNetSpec withShortcut(ResNetSpec spec) {
        return shortcut == null ? spec : spec.withShortcuts(ShortcutOption.valueOf(shortcut));
    }

    /** Whether training changes a parameter. */
    boolean trains(Parameter parameter) {
        return freeze == null || parameter.name().startsWith(CLASSIFIER_PREFIX);
    }

    boolean freezesBackbone() {
        return freeze != null;
    }
}
