package org.resnet4j.inference.int8;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.graph.Operation;

/**
 * The numbers of a quantized network, by the names of the nodes of its graph after all passes.
 *
 * @param images the scale of the images
 * @param values the scales of the nodes' values; all except the logits have one
 * @param weights the weights of convolutions and of the linear layer; those without stay in float32
 */
public record Quantization(ByteScale images, Map<String, ByteScale> values, Map<String, QuantizedWeights> weights) {
    public Quantization {
        values = Map.copyOf(values);
        weights = Map.copyOf(weights);
    }

    /**
     * Returns true if the value of an operation has the scale of its input, because its numbers are some of those or
     * zero.
     */
    public static boolean keepsScale(Operation operation) {
        return operation instanceof Operation.MaxPool || operation instanceof Operation.ZeroPadding;
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
