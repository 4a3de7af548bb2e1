package org.resnet4j.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.inference.int8.QuantizedWeights;
import org.resnet4j.onnx.proto.DataType;
import org.resnet4j.onnx.read.Binding;
import org.resnet4j.onnx.read.StoredTensor;
import org.resnet4j.weights.MalformedFileException;

/**
 * The convolutions and the linear layer of a file that have weights of 8 bits. A normalization after a convolution is
 * folded into the scales of its output channels and the signs of its weights, which stay the integers of the file.
 */
final class IntegerLayers {
    /** The zero point of unsigned bytes that are signed ones plus 128. */
    private static final int SIGN = -Byte.MIN_VALUE;

    private final Path path;
    private final OnnxSource source;
    private final Map<String, Layer> layers = new LinkedHashMap<>();
    private final List<String> others = new ArrayList<>();

    /**
     * A layer.
     *
     * @param weight its weights in the file
     * @param scales the scales of the weights
     * @param factors the factor of each output channel in a normalization that is not folded; null if there is none
     * @param bias the bias of each output channel
     */
    private record Layer(Binding.Stored weight, StoredTensor.Scales scales, double @Nullable [] factors, float[] bias) {
        int outChannels() {
            return bias.length;
        }

        /** Returns the output channel of an element in the file. */
        int channel(int index) {
            return weight.transposed()
                    ? index % bias.length
                    : index / (weight.shape().size() / bias.length);
        }

        /** Returns an element of the file less its zero point, with the sign of its factor; a byte if it fits. */
        int integer(int index, float element) {
            int integer = (int) element - scales.zeroPoint(index);
            return factors == null ? integer : (int) Math.signum(factors[channel(index)]) * integer;
        }
    }

    /**
     * Finds the layers.
     *
     * @param graph the network after all passes
     * @param source the file, open as long as weights are read
     * @throws MalformedFileException if weights have scales of other channels than those of the output
     * @throws IOException if the file cannot be read
     */
    IntegerLayers(Path path, Graph graph, Map<String, Binding> bindings, OnnxSource source) throws IOException {
        this.path = path;
        this.source = source;
        for (Node node : graph.nodes()) {
            Layer layer = layer(node, bindings);
            if (layer != null && fits(layer)) {
                layers.put(node.name(), layer);
            } else if (layer != null) {
                others.add(node.name());
            }
        }
    }

    /** Returns the names of the nodes whose weights are signed bytes. */
    Set<String> names() {
        return layers.keySet();
    }

    /** Returns the names of the nodes with integers that are not signed bytes. */
    List<String> others() {
        return others;
    }

    private @Nullable Layer layer(Node node, Map<String, Binding> bindings) throws IOException {
        String weight = switch (node.operation()) {
            case Operation.Convolution convolution -> convolution.weight().name();
            case Operation.Linear linear -> linear.weight().name();
            default -> "";
        };
        if (!(bindings.get(weight) instanceof Binding.Stored stored)) {
            return null;
        }
        StoredTensor.Scales scales = stored.tensor().scales();
        if (scales == null) {
            return null;
        }
        if (scales.isPerChannel() && scales.axis() != (stored.transposed() ? 1 : 0)) {
            throw new MalformedFileException(
                    path,
                    stored.tensor().position(),
                    "the scales of '" + stored.tensor().name() + "' belong to axis " + scales.axis()
                            + ", which is not that of the output channels");
        }
        int channels = stored.shape().extent(0);
        return switch (node.operation()) {
            case Operation.Linear linear ->
                new Layer(stored, scales, null, read(linear.bias().name(), channels));
            default ->
                switch (node.epilogue().affine()) {
                    case null -> new Layer(stored, scales, null, new float[channels]);
                    case Operation.Bias bias ->
                        new Layer(stored, scales, null, read(bias.bias().name(), channels));
                    case Operation.BatchNormalization norm
                    when bindings.get(norm.scale().name()) instanceof Binding.Uniform ->
                        new Layer(stored, scales, null, read(norm.shift().name(), channels));
                    case Operation.BatchNormalization norm -> normalized(stored, scales, norm, channels);
                };
        };
    }

    private Layer normalized(
            Binding.Stored stored, StoredTensor.Scales scales, Operation.BatchNormalization norm, int channels)
            throws IOException {
        float[] scale = read(norm.scale().name(), channels);
        float[] shift = read(norm.shift().name(), channels);
        float[] mean = read(norm.mean().name(), channels);
        float[] variance = read(norm.variance().name(), channels);
        var factors = new double[channels];
        var bias = new float[channels];
        for (int k = 0; k < channels; k++) {
            factors[k] = scale[k] / Math.sqrt((double) variance[k] + norm.epsilon());
            bias[k] = (float) (shift[k] - mean[k] * factors[k]);
        }
        return new Layer(stored, scales, factors, bias);
    }

    private float[] read(String name, int count) throws IOException {
        var numbers = new float[count];
        source.read(name, 0, count, numbers);
        for (float number : numbers) {
            if (!Float.isFinite(number)) {
                throw new MalformedFileException(path, "an element of " + name + " is " + number);
            }
        }
        return numbers;
    }

    private boolean fits(Layer layer) throws IOException {
        DataType type = layer.weight().tensor().type(path);
        int usual = type == DataType.UINT8 ? SIGN : 0;
        boolean isByte = type == DataType.INT8 || type == DataType.UINT8;
        if (isByte
                && layer.factors() == null
                && Arrays.stream(layer.scales().zeroPoints()).allMatch(zeroPoint -> zeroPoint == usual)) {
            return true;
        }
        float[] elements = elements(layer);
        for (int i = 0; i < elements.length; i++) {
            int integer = layer.integer(i, elements[i]);
            if (integer != (byte) integer) {
                return false;
            }
        }
        return true;
    }

    private float[] elements(Layer layer) throws IOException {
        var elements = new float[layer.weight().shape().size()];
        source.readStored(layer.weight().tensor(), 0, elements.length, elements);
        return elements;
    }

    /**
     * Reads the weights of a node. Any number of threads may call this at once.
     *
     * @throws IOException if the file cannot be read
     */
    synchronized QuantizedWeights read(String node) throws IOException {
        Layer layer = Objects.requireNonNull(layers.get(node), node);
        float[] elements = elements(layer);
        int out = layer.outChannels();
        int in = layer.weight().shape().extent(1);
        int places = elements.length / out / in;
        var w = new byte[elements.length];
        var scales = new float[out];
        for (int i = 0; i < elements.length; i++) {
            int k = layer.channel(i);
            // [out, in, KH, KW] or [in, out] in the file, [KH, KW, in, out] here
            int to = layer.weight().transposed() ? i : (i % places * in + i / places % in) * out + k;
            w[to] = (byte) layer.integer(i, elements[i]);
            scales[k] = layer.scales().step(i);
        }
        double[] factors = layer.factors();
        for (int k = 0; factors != null && k < out; k++) {
            float scale = (float) (scales[k] * Math.abs(factors[k]));
            // A channel with the factor 0 has only zeros, for which every scale is right.
            scales[k] = scale > 0 ? scale : scales[k];
        }
        return new QuantizedWeights(w, scales, layer.bias());
    }
}
