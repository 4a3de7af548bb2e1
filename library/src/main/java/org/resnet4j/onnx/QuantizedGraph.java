package org.resnet4j.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Passes;
import org.resnet4j.inference.int8.ByteScale;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.inference.int8.QuantizedWeights;
import org.resnet4j.onnx.proto.AttributeProto;
import org.resnet4j.onnx.proto.ByteWeights;
import org.resnet4j.onnx.proto.DataType;
import org.resnet4j.onnx.proto.GraphProto;
import org.resnet4j.onnx.proto.Integers;
import org.resnet4j.onnx.proto.TensorProto;
import org.resnet4j.onnx.proto.Weights;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A quantized network's graph in ONNX operators: every value in bytes is written by QuantizeLinear and read by
 * DequantizeLinear, with operators for real numbers in between (QDQ). ONNX Runtime fuses them into operators for bytes.
 * Constants have the names of the tensors in the weights file of a quantized model folder.
 *
 * <p>The graph computes what the engine computes. A branch is a value in bytes of its own before it is added to the
 * shortcut, or ONNX Runtime would convolve in float32.
 */
final class QuantizedGraph {
    /** The largest bias in units of its scale, half of what 32 bits hold. The sum of the products needs the rest. */
    private static final double LARGEST_BIAS = 1 << 30;

    private final Quantization quantization;
    private final Operators operators = new Operators();

    /** The values by their ids. */
    private final Map<Integer, Value> values = new HashMap<>();

    /**
     * A value that was written.
     *
     * @param name the name of its real numbers
     * @param scale the scale of its bytes; null if it has none
     */
    private record Value(String name, @Nullable ByteScale scale) {
        ByteScale bytes() {
            if (scale == null) {
                throw new IllegalArgumentException(name + " is read as bytes, but has no scale");
            }
            return scale;
        }
    }

    private final Map<String, QuantizedWeights> weights;

    /** True if the linear layer reads bytes. */
    private final boolean quantizesFeatures;

    private QuantizedGraph(Quantization quantization, Node linear) {
        this.quantization = quantization;
        this.weights = quantization.weights();
        this.quantizesFeatures = weights.containsKey(linear.name());
    }

    /**
     * @throws IllegalArgumentException if the quantization is not that of the network
     */
    static GraphProto of(ResNet network, Quantization quantization, OnnxOptions options) {
        Graph graph = Passes.fuseAll(NetworkGraph.graph(network, options));
        var written = new QuantizedGraph(quantization, graph.nodes().getLast());
        written.values.put(Graph.IMAGES, written.images(graph.nodes().getFirst()));
        for (Node node : graph.nodes()) {
            written.values.put(node.id(), written.write(node));
        }
        return written.operators.graph(network, options);
    }

    /** Writes the images, which are converted to bytes if the first convolution reads bytes. */
    private Value images(Node first) {
        ByteScale scale = quantization.images();
        return weights.containsKey(first.name())
                ? new Value(quantized(Operators.INPUT, Operators.INPUT, scale), scale)
                : new Value(Operators.INPUT, null);
    }

    private Value value(int id) {
        Value value = values.get(id);
        if (value == null) {
            throw new IllegalArgumentException("value " + id + " is read before it is computed");
        }
        return value;
    }

    private Value write(Node node) {
        QuantizedWeights quantized = weights.get(node.name());
        Value x = value(node.input());
        if (Quantization.keepsScale(node.operation())) {
            String y = operators.write(node, List.of(x.name()));
            return new Value(quantized(node.name(), y, x.bytes()), x.bytes());
        }
        return switch (node.operation()) {
            case Operation.Linear linear when quantized != null -> linear(node, linear, quantized, x);
            case Operation.Linear linear -> new Value(operators.write(node, List.of(x.name())), null);
            case Operation.Convolution convolution
            when quantized != null -> {
                String sums = convolution(node, convolution, quantized, x);
                yield inBytes(node, node.epilogue().adds() ? branch(node, sums) : sums);
            }
            case Operation.GlobalAverage average -> {
                String features = operators.write(node, List.of(x.name()));
                yield quantizesFeatures ? inBytes(node, features) : new Value(features, null);
            }
            default -> inBytes(node, inFloats(node));
        };
    }

    /** Writes an operation and the normalization or bias after it in real numbers. */
    private String inFloats(Node node) {
        List<String> inputs = node.inputs().stream().map(id -> value(id).name()).toList();
        String y = operators.write(node, inputs);
        Operation.Affine affine = node.epilogue().affine();
        return affine == null ? y : operators.affine(affine, layer(affine), y);
    }

    private static String layer(Operation.Affine affine) {
        String parameter = affine.parameters().getFirst().name();
        return parameter.substring(0, parameter.lastIndexOf('.'));
    }

    /** Writes the end of a node: the sum with the shortcut, ReLU, and the conversion to bytes. */
    private Value inBytes(Node node, String result) {
        String y = result;
        if (node.epilogue().adds()) {
            y = operators.node(
                    "Add",
                    node.name() + ".sum",
                    y,
                    value(node.inputs().getLast()).name());
        }
        if (node.epilogue().relu()) {
            y = operators.node("Relu", node.name() + ".output", y);
        }
        ByteScale scale = quantization.scale(node.name());
        return new Value(quantized(node.name(), y, scale), scale);
    }

    /** Converts the result of a branch to bytes. */
    private String branch(Node node, String sums) {
        ByteScale shortcut = value(node.inputs().getLast()).bytes();
        return quantized(Quantization.branch(node.name()), sums, quantization.branchScale(node.name(), shortcut));
    }

    /** Converts real numbers to bytes and back, and returns the name of the resulting numbers. */
    private String quantized(String name, String x, ByteScale scale) {
        String step = number(name + ".output_scale", scale.scale());
        String zeroPoint = operators.constant(new TensorProto(
                name + ".output_zero_point", List.of(), new Integers(DataType.UINT8, new int[] {scale.zeroPoint()})));
        String bytes = operators.node("QuantizeLinear", name + ".quantized", x, step, zeroPoint);
        return operators.node("DequantizeLinear", name + ".dequantized", bytes, step, zeroPoint);
    }

    private String number(String name, float number) {
        return operators.constant(new TensorProto(name, List.of(), numbers(number)));
    }

    private static Weights numbers(float... numbers) {
        Shape shape = Shape.of(numbers.length);
        return new Weights(shape, () -> Tensor.wrap(numbers, shape));
    }

    private String convolution(Node node, Operation.Convolution convolution, QuantizedWeights weights, Value x) {
        Parts parts = parts(
                node.name(), convolution.weight().name(), convolution.weight().shape(), weights, x.bytes());
        return operators.convolution(convolution.window(), node.name(), x.name(), parts.weight(), parts.bias());
    }

    private Value linear(Node node, Operation.Linear linear, QuantizedWeights weights, Value x) {
        Shape shape = Shape.of(linear.inFeatures(), linear.outFeatures());
        Parts parts = parts(node.name(), linear.weight().name(), shape, weights, x.bytes());
        return new Value(operators.linear(node.name(), x.name(), parts.weight(), parts.bias()), null);
    }

    /** The names of weights and bias in real numbers. */
    private record Parts(String weight, String bias) {}

    /**
     * Writes weights of 8 bits and a bias of 32, whose scale is that of the products.
     *
     * @param node the name of the node
     * @param weight the name of the weights
     * @param x the scale of the input
     */
    private Parts parts(String node, String weight, Shape shape, QuantizedWeights weights, ByteScale x) {
        if (weights.w().length != shape.size()) {
            throw new IllegalArgumentException(
                    node + " has " + weights.w().length + " quantized weights, expected " + shape);
        }
        QuantizedWeights fitting = fitting(weights, x);
        int channels = fitting.bias().length;
        var scales = new float[channels];
        var bias = new int[channels];
        for (int k = 0; k < channels; k++) {
            double product = (double) x.scale() * fitting.scales()[k];
            scales[k] = (float) product;
            bias[k] = (int) Math.rint(fitting.bias()[k] / product);
        }
        var bytes = new ByteWeights(shape, fitting.w());
        List<Long> extents = List.of((long) channels);
        return new Parts(
                dequantized(
                        new TensorProto(weight, bytes.extents(), bytes),
                        new TensorProto(node + ".weight_scale", extents, numbers(fitting.scales())),
                        new TensorProto(
                                node + ".weight_zero_point", extents, new Integers(DataType.INT8, new int[channels]))),
                dequantized(
                        new TensorProto(node + ".bias", extents, new Integers(DataType.INT32, bias)),
                        new TensorProto(node + ".bias_scale", extents, numbers(scales))));
    }

    /** Writes constants that are converted to real numbers: integers, the scale of each channel, zero points. */
    private String dequantized(TensorProto... constants) {
        List<String> inputs = Arrays.stream(constants).map(operators::constant).toList();
        List<AttributeProto> attributes = List.of(new AttributeProto.Whole("axis", 0));
        return operators.node("DequantizeLinear", inputs.getFirst() + ".dequantized", inputs, attributes);
    }

    /**
     * Returns weights whose bias is not too large for 32 bits. Where it would be, the weights of the channel are tiny
     * beside it, and get a larger scale.
     */
    private static QuantizedWeights fitting(QuantizedWeights weights, ByteScale x) {
        int channels = weights.bias().length;
        float[] scales = weights.scales().clone();
        for (int k = 0; k < channels; k++) {
            double least = Math.max(Math.abs(weights.bias()[k]) / LARGEST_BIAS, Float.MIN_NORMAL) / x.scale();
            scales[k] = (float) Math.max(scales[k], least);
        }
        if (Arrays.equals(scales, weights.scales())) {
            return weights;
        }
        byte[] w = weights.w().clone();
        for (int i = 0; i < w.length; i++) {
            int k = i % channels;
            w[i] = (byte) Math.rint((double) w[i] * weights.scales()[k] / scales[k]);
        }
        return new QuantizedWeights(w, scales, weights.bias());
    }
}
