package org.resnet4j.cli.train;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.model.ModelLocation;
import org.resnet4j.cli.model.NetworkNames;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.cli.shell.StoredArguments;
import org.resnet4j.model.StartingWeights;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for the network and its initial weights. */
public final class NetworkOptions {
    static final String BACKBONE = "backbone";
    private static final long MIB = 1 << 20;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            completionCandidates = NetworkNames.class,
            description = "Network (default: that of --weights, or resnet20 for images up to 64 pixels, otherwise"
                    + " resnet18). For small images: resnet20, 32, 44, 56, 110 and 1202, resnet8, resnet9,"
                    + " preresnet110, wrn_40_4. For photographs: resnet18, 34, 50, 101 and 152, resnext50_32x4d,"
                    + " wide_resnet50_2, resnet50d, seresnet50, resnetv2_50. Without shortcuts: plain20 etc. An"
                    + " unknown name lists all networks.")
    private @Nullable String model;

    @Option(
            names = "--shortcut",
            paramLabel = "A|B|C|D|WORD",
            completionCandidates = OptionWords.Shortcuts.class,
            description = "Kind of shortcut (default: that of the network). Where a block changes the shape, A pads"
                    + " with zeros, B projects, and D averages and projects; C projects in every block. scaled,"
                    + " exclusive-gate, shortcut-gate and dropout are the variants of A that He et al., 2016, advise"
                    + " against.")
    private @Nullable String shortcut;

    @Option(
            names = "--activation-order",
            paramLabel = "ORDER",
            completionCandidates = OptionWords.Orders.class,
            description = "Order of normalization and ReLU in a block (default: that of the network): post,"
                    + " norm-after-addition, relu-before-addition, relu-only-pre or pre (He et al., 2016, figure 4);"
                    + " or without-norm (biases instead of normalization; deep networks hardly train).")
    private @Nullable String activationOrder;

    @Option(
            names = "--weights",
            paramLabel = "FILE|DIR|hub:NAME",
            description =
                    "Start from these weights: a model folder, a weight file (safetensors, PyTorch or ONNX) with the"
                        + " tensor names of torchvision or timm, or a model of the Hugging Face Hub (hub:OWNER/NAME)."
                        + " The classifier is initialized anew if the number of classes differs.")
    private @Nullable String weights;

    @Option(
            names = "--weights-key",
            paramLabel = "KEY",
            description = "Weights to read from a file that contains several sets: a key of a PyTorch checkpoint"
                    + " (state_dict_ema) or the prefix of the tensor names (encoder_q).")
    private @Nullable String weightsKey;

    @Option(
            names = "--freeze",
            paramLabel = BACKBONE,
            completionCandidates = OptionWords.Parts.class,
            description = "With backbone, train only the classifier, in a fraction of the time; requires --weights. The"
                    + " other layers do not change, and their features are computed once per image and cached,"
                    + " unless augmentation goes beyond flip.")
    private @Nullable String freeze;

    @Option(
            names = "--feature-cache",
            paramLabel = "MIB",
            description = "Memory for the features cached by --freeze backbone (default: a quarter of Java's"
                    + " memory). Features that do not fit are computed again in every epoch, with the same result.")
    private @Nullable Integer featureCache;

    void check(CommandSpec command) {
        if (model != null) {
            NetworkNames.check(command, model);
        }
        if (shortcut != null) {
            Range.checkOneOf(command, "--shortcut", shortcut, OptionWords.SHORTCUTS);
            if (model != null && model.startsWith("plain")) {
                throw new ParameterException(
                        command.commandLine(), "--shortcut cannot be used with " + model + ", which has no shortcuts");
            }
        }
        if (activationOrder != null) {
            Range.checkOneOf(command, "--activation-order", activationOrder, OptionWords.ORDERS);
        }
        if (weightsKey != null && weights == null) {
            throw new ParameterException(command.commandLine(), "--weights-key requires --weights");
        }
        if (freeze != null) {
            Range.checkOneOf(command, "--freeze", freeze, List.of(BACKBONE));
            if (weights == null) {
                throw new ParameterException(
                        command.commandLine(),
                        "--freeze backbone requires --weights; without them the backbone would be random");
            }
        }
        if (featureCache != null) {
            Range.check(
                    command,
                    "--feature-cache",
                    featureCache,
                    0,
                    Runtime.getRuntime().maxMemory() / MIB);
            if (freeze == null) {
                throw new ParameterException(command.commandLine(), "--feature-cache requires --freeze backbone");
            }
        }
    }

    /**
     * Reads the initial weights; null for random ones.
     *
     * @param begun the arguments of the run that is resumed; its name of the weights is kept
     */
    @Nullable
    StartingWeights startingWeights(Console console, StoredArguments begun) throws CommandFailure, IOException {
        if (weights == null) {
            return null;
        }
        ModelLocation location = ModelLocation.find(weights, console);
        if (location.isFolder() && weightsKey != null) {
            throw new ParameterException(
                    mixee.commandLine(), "--weights-key is for a weight file; " + weights + " is a model folder");
        }
        location.checkFolder();
        var options = WeightOptions.defaults()
                .withNetwork(model == null ? null : ResNets.named(model))
                .withKey(weightsKey)
                .withRemarks(console::note);
        return StartingWeights.read(begun.typed("--weights").orElse(location.name()), location.path(), options);
    }

    /** Applies the options to a run. */
    void applyTo(TrainingRun.Builder run, @Nullable StartingWeights start) {
        if (model != null) {
            run.network(ResNets.named(model));
        }
        run.variant(this::varied);
        if (start != null) {
            run.weights(start);
        }
        if (freezesBackbone()) {
            if (featureCache == null) {
                run.freezeBackbone();
            } else {
                run.freezeBackbone(featureCache * MIB);
            }
        }
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * Returns the network with the requested shortcuts and activation order. If another program could mistake its
     * weights for those of the catalog's network, it gets a name of its own.
     */
    private ResNetSpec varied(ResNetSpec spec) {
        ResNetSpec varied = spec;
        try {
            if (shortcut != null) {
                varied = varied.withShortcuts(ShortcutOption.valueOf(constant(shortcut)));
            }
        } catch (IllegalArgumentException refused) {
            throw refused("--shortcut " + shortcut, refused);
        }
        try {
            if (activationOrder != null) {
                varied = varied.withOrder(ActivationOrder.valueOf(constant(activationOrder)));
            }
        } catch (IllegalArgumentException refused) {
            throw refused("--activation-order " + activationOrder, refused);
        }
        String name = spec.name();
        if (varied.shortcuts() != spec.shortcuts()
                && OptionWords.word(varied.shortcuts()).length() > 1) {
            name += "-" + OptionWords.word(varied.shortcuts());
        }
        if (varied.block().order() != spec.block().order()) {
            name += "-" + OptionWords.word(varied.block().order());
        }
        return varied.toBuilder().name(name).build();
    }

    private ParameterException refused(String option, IllegalArgumentException reason) {
        return new ParameterException(mixee.commandLine(), option + ": " + reason.getMessage(), reason);
    }

    boolean freezesBackbone() {
        return freeze != null;
    }
}
