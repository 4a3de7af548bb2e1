package org.resnet4j.resnet.state;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The known ways of naming the tensors of a residual network below its prefix. The classifier is not part of a scheme:
 * {@link StateNames} finds it below the prefix or beside it.
 *
 * <p>A new scheme is one constant, and a new name for a single part is one line of {@link #ALTERNATIVES}.
 */
enum NameScheme {
    /** The network's own names: torchvision's, or timm's with pre-activation. */
    OWN {
        @Override
        String theirs(String own) {
            return own;
        }
    },
    /** A {@code Sequential} of torchvision's children, by their numbers: {@code 0}, {@code 1}, {@code 4.0.conv1}. */
    NUMBERED {
        @Override
        String theirs(String own) {
            Matcher stage = STAGE.matcher(own);
            if (stage.matches()) {
                return (Integer.parseInt(stage.group(1)) + LAYERS_BEFORE_STAGES) + "." + stage.group(2);
            }
            return own.replaceFirst("^conv1\\.", "0.").replaceFirst("^bn1\\.", "1.");
        }
    },
    /** Hugging Face transformers. */
    TRANSFORMERS {
        @Override
        String theirs(String own) {
            return TransformersNames.theirs(own);
        }
    },
    /** The deep stem of MMPretrain, whose convolutions contain their normalization. */
    MMPRETRAIN {
        @Override
        String theirs(String own) {
            return own.replaceFirst("^conv1\\.0\\.", "stem.0.conv.")
                    .replaceFirst("^conv1\\.1\\.", "stem.0.bn.")
                    .replaceFirst("^conv1\\.3\\.", "stem.1.conv.")
                    .replaceFirst("^conv1\\.4\\.", "stem.1.bn.")
                    .replaceFirst("^conv1\\.6\\.", "stem.2.conv.")
                    .replaceFirst("^bn1\\.", "stem.2.bn.");
        }
    },
    /** The deep stem of MMDetection and MMSegmentation. */
    MMDETECTION {
        @Override
        String theirs(String own) {
            return own.replaceFirst("^conv1\\.(\\d)\\.", "stem.$1.").replaceFirst("^bn1\\.", "stem.7.");
        }
    };

    private static final Pattern STAGE = Pattern.compile("layer(\\d+)\\.(.*)");

    /** Convolution, normalization, ReLU and pooling are 0 to 3; {@code layer1} is 4. */
    private static final int LAYERS_BEFORE_STAGES = 3;

    /** A child behind the pooling, which is 8: the head of a {@code Sequential}. */
    private static final Pattern BEHIND_POOLING = Pattern.compile("9|[1-9]\\d");

    /** A part of a name, and another name of it that occurs in any scheme. */
    private record Alternative(String part, String other) {}

    private static final List<Alternative> ALTERNATIVES = List.of(
            new Alternative("downsample.", "shortcut."), // the usual CIFAR networks
            new Alternative(".se.fc1.", ".se_layer.conv1.conv."), // MMPretrain
            new Alternative(".se.fc2.", ".se_layer.conv2.conv."));

    /** Returns the name in this scheme for a name of the network. */
    abstract String theirs(String own);

    /** Returns true if a child of this name cannot be a part of a network with names of this scheme. */
    boolean isBehind(String child) {
        return this == NUMBERED && BEHIND_POOLING.matcher(child).matches();
    }

    /** Returns all names in this scheme for a name of the network, the usual one first. */
    Stream<String> names(String own) {
        return Stream.concat(
                        Stream.of(own),
                        ALTERNATIVES.stream()
                                .filter(alternative -> own.contains(alternative.part))
                                .map(alternative -> own.replace(alternative.part, alternative.other)))
                .map(this::theirs);
    }
}
