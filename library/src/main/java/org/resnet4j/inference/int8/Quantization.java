package org.resnet4j.inference.int8;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a quantized network, by the names of the nodes of its graph after all passes.
 *
 * @param images the scale of the images
 * @param values the scales of the nodes' values; all except the logits have one. A convolution that adds a shortcut may
 *     have one for its {@link #branch} as well
 * @param weights the weights of convolutions and of the linear layer; those without stay in float32
 */
public record Quantization(ByteScale images, Map<String, ByteScale> values, Map<String, QuantizedWeights> weights) {
    public Quantization {
        values = Map.copyOf(values);
        weights = Map.copyOf(weights);
    }

    /**
     * Returns the name of what a convolution adds to a shortcut. The engine adds it without rounding; others, for which
     * it is a value of its own, need its scale.
     */
    public static String branch(String node) {
        return node + ".branch";
    }

    /**
     * Returns the scale of a node's value.
     *
     * @throws IllegalArgumentException if it has none
     */
    ByteScale scale(String node) {
        ByteScale scale = values.get(node);
        if (scale == null) {
            throw new IllegalArgumentException("the value of " + node + " has no scale");
        }
        return scale;
    }

    /** Returns the weights of a node, or null if it is computed in float32. */
    @Nullable
    QuantizedWeights weights(String node) {
        return weights.get(node);
    }
}
