package org.resnet4j.cli.inspect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.resnet4j.cli.model.ModelLocation;
import org.resnet4j.cli.model.NetworkNames;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.dataset.DatasetProfile;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.resnet.Transition;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The networks whose gradients are compared: a network, its counterpart without shortcuts (or with shortcuts, if it has
 * none) and, where possible, both without normalization.
 *
 * @param networks the networks
 * @param size the rows and columns of the images
 * @param normalization the normalization of the images
 */
record FlowFamily(List<ResNet> networks, int size, Normalization normalization) {
    /** The largest side of small images. */
    private static final int SMALL_IMAGE = 64;

    /** Returns a network of the catalog with its initial weights, and its counterparts. */
    static FlowFamily ofCatalogue(CommandSpec command, String model, DatasetSplits splits, long seed)
            throws CommandFailure {
        ResNetSpec named = ResNets.find(model)
                .orElseThrow(() -> CommandFailure.input(
                        model,
                        model + ": neither a model folder nor the name of a network" + NetworkNames.suggestion(model),
                        NetworkNames.groups()));
        DatasetProfile profile = splits.profile();
        Integer known = profile.imageSize();
        int size = known != null ? known : named.imageSize();
        ResNetSpec spec = named.withClasses(splits.classes().size())
                .withImages(size, profile.normalization().channels());
        ResNet network = ResNet.create(spec, seed);
        try {
            network.outputShape(Shape.of(1, size, size, spec.inChannels()));
        } catch (ShapeMismatchException tooSmall) {
            throw new ParameterException(
                    command.commandLine(),
                    model + " cannot process images of " + size + " pixels: " + tooSmall.getMessage(),
                    tooSmall);
        }
        var networks = new ArrayList<>(List.of(network, ResNet.create(twin(spec), seed)));
        if (canGoWithoutNorm(spec)) {
            networks.add(ResNet.create(withoutNorm(spec), seed));
            networks.add(ResNet.create(withoutNorm(twin(spec)), seed));
        }
        return new FlowFamily(networks, size, profile.normalization());
    }

    /** Returns a trained network and its counterpart with the same weights. */
    static FlowFamily ofFolder(String model, String source, DatasetSplits splits, long seed, Console console)
            throws CommandFailure, IOException {
        ModelLocation location = ModelLocation.find(model, console);
        location.checkFolder();
        Model loaded = ModelFolder.load(location.path());
        if (!loaded.labels().equals(splits.classes())) {
            throw CommandFailure.input(
                    source,
                    source + " has the classes " + splits.classes() + ", and " + model + " has " + loaded.labels());
        }
        ResNet network = loaded.network();
        ResNet twin = ResNet.create(twin(network.spec()), seed);
        ResNetState.load(twin, ResNetState.stateDict(network));
        return new FlowFamily(
                List.of(network, twin),
                loaded.transform().inputSize(),
                loaded.transform().normalization());
    }

    /** Returns true for the networks of the first paper; others have parts that depend on normalization. */
    private static boolean canGoWithoutNorm(ResNetSpec spec) {
        return spec.block().order() == ActivationOrder.POST
                && spec.stages().transition() == Transition.STRIDE
                && spec.stem().kind() != Stem.DEEP
                && spec.block().squeeze() == 0
                && spec.shortcuts() != ShortcutOption.D;
    }

    private static ResNetSpec withoutNorm(ResNetSpec spec) {
        return spec.toBuilder()
                .name(spec.name() + " without norm")
                .order(ActivationOrder.WITHOUT_NORM)
                .build();
    }

    private static ResNetSpec twin(ResNetSpec spec) {
        boolean plain = spec.shortcuts() == ShortcutOption.NONE;
        ShortcutOption shortcuts =
                !plain ? ShortcutOption.NONE : spec.imageSize() <= SMALL_IMAGE ? ShortcutOption.A : ShortcutOption.B;
        String name = plain ? spec.name().replace("plain", "resnet") : spec.name() + " without shortcuts";
        String known = spec.name().replace("resnet", "plain");
        if (!plain && ResNets.find(known).isPresent()) {
            name = known;
        }
        return spec.toBuilder().name(name).shortcuts(shortcuts).build();
    }
}
