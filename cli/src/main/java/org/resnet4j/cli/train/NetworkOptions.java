package org.resnet4j.cli.train;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.model.ModelLocation;
import org.resnet4j.cli.model.NetworkNames;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Range;
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

/** Which network is trained, and from where it starts. */
public final class NetworkOptions {
    private static final List<ShortcutOption> SHORTCUTS = Stream.of(ShortcutOption.values())
            .filter(option -> option != ShortcutOption.NONE)
            .toList();
    private static final String BACKBONE = "backbone";
    private static final long MIB = 1 << 20;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            completionCandidates = NetworkNames.class,
            description = "A network of the catalogue (default: resnet20 for images up to 64 pixels, else resnet18;"
                + " that of --weights). resnet20, 32, 44, 56, 110 and 1202 are for small images, as are resnet8,"
                + " resnet9, preresnet110 and wrn_40_4; resnet18, 34, 50, 101 and 152 are for photographs, as are"
                + " resnext50_32x4d, wide_resnet50_2, resnet50d, seresnet50 and resnetv2_50; plain20 and so on have no"
                + " shortcuts. An unknown name is answered with all there are.")
    private @Nullable String model;

    @Option(
            names = "--shortcut",
            paramLabel = "A|B|C|D|WORD",
            description = "Where a block changes the shape: A pads with zeros, B projects; C projects in every block; D"
                    + " averages before it projects. Or A with what the second paper warns of: scaled (half of both),"
                    + " exclusive-gate, shortcut-gate, dropout (default: what the catalogue says).")
    private @Nullable String shortcut;

    @Option(
            names = "--activation-order",
            paramLabel = "WORD",
            description = "Where normalisation and ReLU stand: post, norm-after-addition, relu-before-addition,"
                    + " relu-only-pre or pre, figure 4 of the second paper; or without-norm: biases in place of"
                    + " normalisation, with which deep networks hardly train (default: what the catalogue says).")
    private @Nullable String activationOrder;

    @Option(
            names = "--weights",
            paramLabel = "FILE|DIR|hub:NAME",
            description =
                    "Start from these weights: a model folder, a file of weights (safetensors, PyTorch, ONNX) with the"
                            + " names of torchvision or timm, or hub:OWNER/NAME, a model of the Hugging Face Hub. The"
                            + " classifier starts anew where the number of classes differs.")
    private @Nullable String weights;

    @Option(
            names = "--weights-key",
            paramLabel = "KEY",
            description = "Which weights of a file that holds several: a key of a PyTorch checkpoint (state_dict_ema,"
                    + " model.state_dict), or what the names begin with (encoder_q).")
    private @Nullable String weightsKey;

    @Option(
            names = "--freeze",
            paramLabel = BACKBONE,
            description =
                    "backbone: train the classifier alone, in a fraction of the time; goes with --weights. All below"
                            + " it stays as it is, and what it says of an image is computed once and kept, unless the"
                            + " images are varied by more than a mirror (see --augmentation).")
    private @Nullable String freeze;

    @Option(
            names = "--feature-cache",
            paramLabel = "MIB",
            description = "How much memory --freeze backbone may take to keep what it computed; the rest is computed"
                    + " again in every epoch. The result is the same (default: a quarter of Java's memory).")
    private @Nullable Integer featureCache;

    void check(CommandSpec command) {
        if (model != null) {
            NetworkNames.check(command, model);
        }
        if (shortcut != null) {
            Range.checkOneOf(command, "--shortcut", shortcut, words(SHORTCUTS));
            if (model != null && model.startsWith("plain")) {
                throw new ParameterException(
                        command.commandLine(), "--shortcut does not go with " + model + ", which has no shortcuts");
            }
        }
        if (activationOrder != null) {
            Range.checkOneOf(command, "--activation-order", activationOrder, words(List.of(ActivationOrder.values())));
        }
        if (weightsKey != null && weights == null) {
            throw new ParameterException(command.commandLine(), "--weights-key goes with --weights");
        }
        if (freeze != null) {
            Range.checkOneOf(command, "--freeze", freeze, List.of(BACKBONE));
            if (weights == null) {
                throw new ParameterException(
                        command.commandLine(), "--freeze backbone needs --weights, or it would keep random numbers");
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
                throw new ParameterException(command.commandLine(), "--feature-cache goes with --freeze backbone");
            }
        }
    }

    /** Reads the weights that training starts from; null for random ones. */
    @Nullable
    StartingWeights startingWeights(Console console) throws CommandFailure, IOException {
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
        return StartingWeights.read(location.name(), location.path(), options);
    }

    /** Hands a run what was asked for. */
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

    /** Constants as the command line has them: {@code A}, {@code exclusive-gate}. */
    private static List<String> words(List<? extends Enum<?>> constants) {
        return constants.stream().map(NetworkOptions::word).toList();
    }

    private static String word(Enum<?> constant) {
        String name = constant.name();
        return name.length() == 1 ? name : name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * The network with the shortcuts and the order that were asked for. Where other programs could take its weights for those
     * of the catalogue's network, it has a name of its own.
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
        if (varied.shortcuts() != spec.shortcuts() && word(varied.shortcuts()).length() > 1) {
            name += "-" + word(varied.shortcuts());
        }
        if (varied.block().order() != spec.block().order()) {
            name += "-" + word(varied.block().order());
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
