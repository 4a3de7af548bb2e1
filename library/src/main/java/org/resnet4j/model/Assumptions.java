package org.resnet4j.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.resnet.StridePlacement;

/** Description of what is assumed about a file of weights without a description: what its tensors do not determine. */
final class Assumptions {
    /** The names of the encoders of contrastive training: MoCo, its third version, BYOL. */
    private static final Pattern CONTRASTIVE =
            Pattern.compile("(.*\\.)?(encoder_[qk]|(base|momentum|online|target)_encoder)\\..*");

    private Assumptions() {}

    /**
     * Returns a warning if the linear layer of a network is not a classifier but the head of an encoder, whose outputs
     * are an embedding; empty otherwise.
     *
     * @param key key of the weights in the file; null if there is none
     * @param weight name of the linear layer's weight below the key
     */
    static Optional<String> ofHead(Path file, @Nullable String key, String weight) {
        String name = key == null ? weight : key + "." + weight;
        return CONTRASTIVE.matcher(name).matches()
                ? Optional.of(file + ": " + name
                        + " is the head of a contrastive encoder: its outputs"
                        + " are an embedding, not classes")
                : Optional.empty();
    }

    /**
     * Returns the assumptions as a sentence.
     *
     * @param graph true if the file contains the network's graph, so that only the preprocessing is unknown
     * @param labels origin of the class names; null if they are known
     */
    static String of(
            Path file, ResNetSpec spec, EvaluationTransform transform, boolean graph, @Nullable String labels) {
        var assumed = new ArrayList<String>();
        if (!graph) {
            assumed.addAll(ofNetwork(spec));
        }
        assumed.add(preparation(transform));
        if (labels != null) {
            assumed.add(labels);
        }
        return file + " is read as " + ResNets.description(spec) + ", with these assumptions: "
                + String.join("; ", assumed);
    }

    private static List<String> ofNetwork(ResNetSpec spec) {
        var assumed = new ArrayList<String>();
        if (spec.block().kind() == BlockKind.BOTTLENECK) {
            assumed.add(
                    spec.block().stridePlacement() == StridePlacement.ON_3X3
                            ? "strides in the 3x3 convolutions"
                            : "strides in the first 1x1 convolutions");
        }
        if (spec.stem().kind() == Stem.SMALL_IMAGE && ResNets.find(spec.name()).isEmpty()) {
            assumed.add("a 3x3 stem with stride 1 and without pooling");
        }
        if (spec.stem().kind() != Stem.SMALL_IMAGE) {
            assumed.add("no anti-aliasing (resnetaa… and resnetblur… have the same tensors)");
        }
        if (spec.shortcuts().pads()) {
            assumed.add("shortcuts that take every second pixel and pad with zeros, as many before the channels"
                    + " as after");
        } else if (spec.shortcuts() == ShortcutOption.NONE) {
            assumed.add("no shortcuts");
        }
        return assumed;
    }

    private static String preparation(EvaluationTransform transform) {
        String size = transform.resizeSize() == transform.inputSize()
                ? "pictures resized to " + transform.inputSize()
                : "pictures resized to " + transform.resizeSize() + " and cropped to " + transform.inputSize();
        return size + " (" + transform.interpolation().name().toLowerCase(Locale.ROOT) + "), mean "
                + Arrays.toString(transform.normalization().mean()) + ", std "
                + Arrays.toString(transform.normalization().std());
    }
}
