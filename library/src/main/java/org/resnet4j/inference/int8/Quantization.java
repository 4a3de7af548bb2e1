package org.resnet4j.inference.int8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.graph.Operation;

/**
 * The numbers of a quantized network, by the names of the nodes of its graph after all passes. Weights may stay in a
 * file until they are packed, layer by layer.
 */
public final class Quantization {
    /** Reads the weights of a layer. */
    @FunctionalInterface
    public interface WeightReader {
        /**
         * Reads the weights of a node. Any number of threads may call this at once.
         *
         * @throws IOException if they cannot be read, or are malformed
         */
        QuantizedWeights read(String node) throws IOException;
    }

    private final ByteScale images;
    private final Map<String, ByteScale> values;
    private final Set<String> layers;
    private final WeightReader reader;

    /**
     * Creates a quantization whose weights are in memory.
     *
     * @param images the scale of the images; has no effect if the first convolution is computed in float32
     * @param values the scales of the nodes' values; all except the logits have one
     * @param weights the weights of convolutions and of the linear layer; those without stay in float32
     */
    public Quantization(ByteScale images, Map<String, ByteScale> values, Map<String, QuantizedWeights> weights) {
        this(images, values, weights.keySet(), inMemory(Map.copyOf(weights)));
    }

    /**
     * Creates a quantization whose weights are read when they are needed.
     *
     * @param images the scale of the images; has no effect if the first convolution is computed in float32
     * @param values the scales of the nodes' values; all except the logits have one
     * @param layers the nodes that have quantized weights
     * @param reader reads the weights of one of them
     */
    public Quantization(ByteScale images, Map<String, ByteScale> values, Set<String> layers, WeightReader reader) {
        this.images = images;
        this.values = Map.copyOf(values);
        this.layers = Set.copyOf(layers);
        this.reader = reader;
    }

    private static WeightReader inMemory(Map<String, QuantizedWeights> weights) {
        return node -> Objects.requireNonNull(weights.get(node), node);
    }

    /** Returns the scale of the images. */
    public ByteScale images() {
        return images;
    }

    /** Returns the scales of the nodes' values; a convolution that adds a shortcut may have one for its {@link #branch}. */
    public Map<String, ByteScale> values() {
        return values;
    }

    /**
     * Returns the weights of all layers that have quantized ones.
     *
     * @throws UncheckedIOException if they cannot be read, or are malformed
     */
    public Map<String, QuantizedWeights> weights() {
        var weights = new HashMap<String, QuantizedWeights>();
        layers.forEach(node -> weights.put(node, read(node)));
        return weights;
    }

    /**
     * Returns true if the value of an operation has the scale of its input, because its numbers are some of those or
     * zero.
     */
    public static boolean keepsScale(Operation operation) {
        return operation instanceof Operation.MaxPool || operation instanceof Operation.ZeroPadding;
    }

    /**
     * Returns the name of what a convolution adds to a shortcut. It is rounded to bytes of its own scale, because runtimes
     * that execute the network from an ONNX file round it, so that both compute the same results.
     */
    public static String branch(String node) {
        return node + ".branch";
    }

    /**
     * Returns the scale of what a convolution adds to a shortcut: its own, or one that is wide enough for every sum.
     *
     * @param node the name of the convolution
     * @param shortcut the scale of the shortcut
     * @throws IllegalArgumentException if the value of the node has no scale
     */
    public ByteScale branchScale(String node, ByteScale shortcut) {
        ByteScale scale = values.get(branch(node));
        return scale != null ? scale : ByteScale.ofBranch(shortcut, scale(node));
    }

    /**
     * Returns the scale of a node's value.
     *
     * @throws IllegalArgumentException if it has none
     */
    public ByteScale scale(String node) {
        ByteScale scale = values.get(node);
        if (scale == null) {
            throw new IllegalArgumentException("the value of " + node + " has no scale");
        }
        return scale;
    }

    /**
     * Returns the weights of a node, or null if it is computed in float32.
     *
     * @throws UncheckedIOException if they cannot be read, or are malformed
     */
    @Nullable
    QuantizedWeights weights(String node) {
        return layers.contains(node) ? read(node) : null;
    }

    private QuantizedWeights read(String node) {
        try {
            return reader.read(node);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
