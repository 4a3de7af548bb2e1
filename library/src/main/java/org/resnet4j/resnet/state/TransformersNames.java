package org.resnet4j.resnet.state;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of tensors in the {@code ResNetForImageClassification} of Hugging Face transformers, for networks with
 * torchvision's names.
 *
 * @see <a href="https://github.com/huggingface/transformers/blob/v4.44.0/src/transformers/models/resnet">the model</a>
 */
final class TransformersNames {
    /** The prefix of all tensors but the classifier's. */
    static final String ROOT = "resnet.";

    /** The prefix of the linear layer, which follows a layer that flattens. */
    static final String CLASSIFIER = "classifier.1.";

    private static final Pattern BLOCK = Pattern.compile("layer(\\d+)\\.(\\d+)\\.(conv|bn|downsample\\.)(\\d+)\\.(.*)");

    private TransformersNames() {}

    /** Returns the name below the prefix. */
    static String theirs(String own) {
        Matcher block = BLOCK.matcher(own);
        if (!block.matches()) {
            return own.replaceFirst("^conv1\\.", "embedder.embedder.convolution.")
                    .replaceFirst("^bn1\\.", "embedder.embedder.normalization.");
        }
        String path = "encoder.stages." + (Integer.parseInt(block.group(1)) - 1) + ".layers." + block.group(2);
        int number = Integer.parseInt(block.group(4));
        String part = switch (block.group(3)) {
            case "conv" -> ".layer." + (number - 1) + ".convolution.";
            case "bn" -> ".layer." + (number - 1) + ".normalization.";
            default -> number == 0 ? ".shortcut.convolution." : ".shortcut.normalization.";
        };
        return path + part + block.group(5);
    }
}
