package org.resnet4j.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Weighing;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.onnx.proto.AttributeProto;
import org.resnet4j.onnx.proto.GraphProto;
import org.resnet4j.onnx.proto.NodeProto;
import org.resnet4j.onnx.proto.TensorProto;
import org.resnet4j.onnx.proto.ValueInfoProto;
import org.resnet4j.onnx.proto.ValueInfoProto.Dimension;
import org.resnet4j.onnx.proto.Weights;
import org.resnet4j.onnx.proto.WholeNumbers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * The nodes and constants of a graph in ONNX operators, and the operators of a network's operations in float32.
 *
 * <p>A node and its output have the path of their layer ({@code layer1.0.conv1}).
 */
final class Operators {
    static final String INPUT = "input";
    static final String OUTPUT = "logits";

    /** The end of a slice that extends to the end of the axis. */
    private static final long TO_THE_END = Long.MAX_VALUE;

    private final List<NodeProto> nodes = new ArrayList<>();
    private final List<TensorProto> initializers = new ArrayList<>();

    /** Returns the graph of the nodes that were written. */
    GraphProto graph(ResNet network, OnnxOptions options) {
        Dimension batch = options.batch().isPresent()
                ? new Dimension.Fixed(options.batch().getAsInt())
                : new Dimension.Any("batch");
        return new GraphProto(
                network.spec().name(),
                nodes,
                initializers,
                List.of(new ValueInfoProto(
                        INPUT,
                        List.of(
                                batch,
                                new Dimension.Fixed(network.spec().inChannels()),
                                new Dimension.Fixed(options.height()),
                                new Dimension.Fixed(options.width())))),
                List.of(new ValueInfoProto(OUTPUT, List.of(batch, new Dimension.Fixed(network.classes())))));
    }

    /**
     * Writes the operation of a node, without its epilogue, and returns the name of its value.
     *
     * @param inputs the names of the values that the operation reads
     */
    String write(Node node, List<String> inputs) {
        String x = inputs.getFirst();
        String name = node.name();
        return switch (node.operation()) {
            case Operation.Convolution convolution ->
                convolution(convolution.window(), name, x, weights(convolution.weight()));
            case Operation.Affine affine -> affine(affine, name, x);
            case Operation.Relu relu -> node("Relu", name, x);
            case Operation.MaxPool pool -> node("MaxPool", name, List.of(x), window(pool.window()));
            case Operation.AveragePool pool -> averageCells(pool.cells().stride(), name, x);
            case Operation.ZeroPadding padding ->
                pad(padding.window(), node.origin().block() + ".shortcut", x);
            case Operation.SqueezeExcitation gate -> weigh(gate, name, x);
            case Operation.Sum sum -> sum(node, sum.weighing(), x, inputs.getLast());
            case Operation.GlobalAverage average -> averagePool(name, x);
            case Operation.Linear linear -> linear(linear, name, x);
        };
    }

    /** Writes a normalization or a bias. */
    String affine(Operation.Affine affine, String name, String x) {
        return switch (affine) {
            case Operation.BatchNormalization norm -> normalization(norm, name, x);
            case Operation.Bias bias -> bias(bias, x);
        };
    }

    /** Writes a convolution of an image with constants: the weights, and the bias if there is one. */
    String convolution(ConvolutionShape window, String name, String... inputs) {
        List<AttributeProto> attributes = window(window);
        attributes.add(AttributeProto.Wholes.of("dilations", 1, 1));
        attributes.add(new AttributeProto.Whole("group", window.groups()));
        return node("Conv", name, List.of(inputs), attributes);
    }

    private static List<AttributeProto> window(ConvolutionShape geometry) {
        int stride = geometry.stride();
        int padding = geometry.padding();
        var attributes = new ArrayList<AttributeProto>();
        attributes.add(AttributeProto.Wholes.of("kernel_shape", geometry.kernelHeight(), geometry.kernelWidth()));
        attributes.add(AttributeProto.Wholes.of("strides", stride, stride));
        attributes.add(AttributeProto.Wholes.of("pads", padding, padding, padding, padding));
        return attributes;
    }

    /** Adds a bias. In ONNX it is an input of the convolution, which is the last node. */
    private String bias(Operation.Bias bias, String x) {
        NodeProto convolution = nodes.removeLast();
        var inputs = new ArrayList<>(convolution.inputs());
        inputs.add(weights(bias.bias()));
        return node(convolution.operator(), x, inputs, convolution.attributes());
    }

    private String normalization(Operation.BatchNormalization norm, String name, String x) {
        List<String> inputs = List.of(
                x, weights(norm.scale()), weights(norm.shift()), weights(norm.mean()), weights(norm.variance()));
        List<AttributeProto> attributes = List.of(new AttributeProto.Real("epsilon", norm.epsilon()));
        return node("BatchNormalization", name, inputs, attributes);
    }

    private String sum(Node node, Weighing weighing, String f, String s) {
        String block = node.origin().block();
        return switch (weighing) {
            case Weighing.None none -> node("Add", node.name(), f, s);
            case Weighing.Constant constant -> {
                String factor = weights(
                        block + ".factor",
                        Shape.of(1),
                        () -> Tensor.wrap(new float[] {constant.factor()}, Shape.of(1)));
                yield node("Mul", block + ".scaled", node("Add", node.name(), f, s), factor);
            }
            case Weighing.Gate gate -> gate(gate, node, f, s);
        };
    }

    /** Writes a gated sum. The complementary gate, {@code 1 − sigmoid(z)}, is written as {@code sigmoid(−z)}. */
    private String gate(Weighing.Gate gate, Node node, String f, String s) {
        String block = node.origin().block();
        String z = pixelwise(gate.name(), s, gate.weight(), gate.bias());
        String minus = node("Neg", gate.name() + ".negative", z);
        String rest = node("Sigmoid", gate.name() + ".rest", minus);
        String shortcut = node("Mul", block + ".shortcut", s, rest);
        String branch = f;
        if (gate.exclusive()) {
            branch = node("Mul", block + ".branch", f, node("Sigmoid", gate.name() + ".open", z));
        }
        return node("Add", node.name(), branch, shortcut);
    }

    /** Writes squeeze-and-excitation; in ONNX both image axes are kept, with extent 1. */
    private String weigh(Operation.SqueezeExcitation gate, String name, String x) {
        String pooled = node("GlobalAveragePool", name + ".mean", x);
        String reduced = pixelwise(name + ".fc1", pooled, gate.reduce(), gate.reduceBias());
        String open = node("Relu", name + ".relu", reduced);
        String expanded = pixelwise(name + ".fc2", open, gate.expand(), gate.expandBias());
        return node("Mul", name, x, node("Sigmoid", name + ".gates", expanded));
    }

    private String pixelwise(String name, String x, Parameter weight, Parameter bias) {
        List<AttributeProto> attributes = List.of(AttributeProto.Wholes.of("kernel_shape", 1, 1));
        return node("Conv", name, List.of(x, weights(weight), weights(bias)), attributes);
    }

    private String averageCells(int stride, String name, String x) {
        List<AttributeProto> attributes = List.of(
                AttributeProto.Wholes.of("kernel_shape", stride, stride),
                AttributeProto.Wholes.of("strides", stride, stride),
                new AttributeProto.Whole("ceil_mode", 1));
        return node("AveragePool", name, List.of(x), attributes);
    }

    /** Writes a subsampling of every stride-th pixel, followed by zero padding of the channels on both sides. */
    private String pad(ConvolutionShape window, String name, String x) {
        String pixels = subsample(window.stride(), name, x);
        int missing = window.outChannels() - window.inChannels();
        if (missing == 0) {
            return pixels;
        }
        int before = missing / 2;
        return node(
                "Pad", name + ".pad", pixels, wholeNumbers(name + ".pads", 0, before, 0, 0, 0, missing - before, 0, 0));
    }

    private String subsample(int stride, String name, String x) {
        if (stride == 1) {
            return x;
        }
        return node(
                "Slice",
                name + ".slice",
                x,
                wholeNumbers(name + ".starts", 0, 0),
                wholeNumbers(name + ".ends", TO_THE_END, TO_THE_END),
                wholeNumbers(name + ".axes", 2, 3),
                wholeNumbers(name + ".steps", stride, stride));
    }

    /** Writes global average pooling. ONNX keeps both image axes, with extent 1, until they are flattened. */
    private String averagePool(String name, String x) {
        String pooled = node("GlobalAveragePool", name, x);
        return node("Flatten", name + ".flatten", List.of(pooled), List.of(new AttributeProto.Whole("axis", 1)));
    }

    private String linear(Operation.Linear linear, String name, String x) {
        Shape shape = Shape.of(linear.inFeatures(), linear.outFeatures());
        String weight = weights(linear.weight().name(), shape, linear.weight()::value);
        return linear(name, x, weight, weights(linear.bias()));
    }

    /** Writes the linear layer with the constants {@code [out, in]} and {@code [out]}. */
    String linear(String name, String x, String weight, String bias) {
        List<AttributeProto> attributes = List.of(new AttributeProto.Whole("transB", 1));
        nodes.add(new NodeProto("Gemm", name, List.of(x, weight, bias), List.of(OUTPUT), attributes));
        return OUTPUT;
    }

    String node(String operator, String name, String... inputs) {
        return node(operator, name, List.of(inputs), List.of());
    }

    String node(String operator, String name, List<String> inputs, List<AttributeProto> attributes) {
        nodes.add(new NodeProto(operator, name, inputs, List.of(name), attributes));
        return name;
    }

    private String weights(Parameter parameter) {
        return weights(parameter.name(), parameter.shape(), parameter::value);
    }

    private String weights(StateBuffer buffer) {
        return weights(buffer.name(), buffer.value().shape(), buffer::value);
    }

    private String weights(String name, Shape shape, Supplier<Tensor> tensor) {
        var weights = new Weights(shape, tensor);
        initializers.add(new TensorProto(name, weights.extents(), weights));
        return name;
    }

    /** Adds a constant and returns its name. */
    String constant(TensorProto tensor) {
        initializers.add(tensor);
        return tensor.name();
    }

    private String wholeNumbers(String name, long... values) {
        initializers.add(new TensorProto(name, List.of((long) values.length), WholeNumbers.of(values)));
        return name;
    }
}
