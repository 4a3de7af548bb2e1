package org.resnet4j.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.resnet4j.graph.Graph;
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
 * A network's graph in ONNX operators, in order of computation.
 *
 * <p>A node and its output have the path of their layer ({@code layer1.0.conv1}). ReLU, which the network fuses with a
 * normalization, is a separate node after it ({@code layer1.0.bn1.relu}); a block ends in {@code layer1.0.sum} and
 * {@code layer1.0.relu}.
 */
final class NetworkGraph {
    private static final String INPUT = "input";
    private static final String OUTPUT = "logits";

    /** The end of a slice that extends to the end of the axis. */
    private static final long TO_THE_END = Long.MAX_VALUE;

    private final Graph graph;
    private final List<NodeProto> nodes = new ArrayList<>();
    private final List<TensorProto> initializers = new ArrayList<>();

    /** The names of values in the file, by their ids in the graph. */
    private final Map<Integer, String> names = new HashMap<>();

    private NetworkGraph(Graph graph) {
        this.graph = graph;
        names.put(Graph.IMAGES, INPUT);
    }

    static GraphProto of(ResNet network, OnnxOptions options) {
        int channels = network.spec().inChannels();
        Graph graph = Graph.of(network, Shape.of(1, options.height(), options.width(), channels));
        var written = new NetworkGraph(graph);
        graph.nodes().forEach(node -> written.names.put(node.id(), written.write(node)));
        Dimension batch = options.batch().isPresent()
                ? new Dimension.Fixed(options.batch().getAsInt())
                : new Dimension.Any("batch");
        return new GraphProto(
                graph.spec().name(),
                written.nodes,
                written.initializers,
                List.of(new ValueInfoProto(
                        INPUT,
                        List.of(
                                batch,
                                new Dimension.Fixed(channels),
                                new Dimension.Fixed(options.height()),
                                new Dimension.Fixed(options.width())))),
                List.of(new ValueInfoProto(OUTPUT, List.of(batch, new Dimension.Fixed(network.classes())))));
    }

    /** Writes a node and returns the name of its value. */
    private String write(Node node) {
        String x = name(node.input());
        String name = node.name();
        return switch (node.operation()) {
            case Operation.Convolution convolution -> convolution(convolution, name, x);
            case Operation.BatchNormalization norm -> normalization(norm, name, x);
            case Operation.Bias bias -> bias(bias, x);
            case Operation.Relu relu -> node("Relu", name, x);
            case Operation.MaxPool pool -> node("MaxPool", name, List.of(x), window(pool.window()));
            case Operation.AveragePool pool -> averageCells(pool.cells().stride(), name, x);
            case Operation.ZeroPadding padding ->
                pad(padding.window(), node.origin().block() + ".shortcut", x);
            case Operation.SqueezeExcitation gate -> weigh(gate, name, x);
            case Operation.Sum sum -> sum(node, sum.weighing());
            case Operation.GlobalAverage average -> averagePool(name, x);
            case Operation.Linear linear -> linear(linear, name, x);
        };
    }

    private String name(int id) {
        String name = names.get(id);
        if (name == null) {
            throw new IllegalArgumentException(graph.spec().name() + " reads value " + id + " before it is computed");
        }
        return name;
    }

    private String convolution(Operation.Convolution convolution, String name, String x) {
        List<AttributeProto> attributes = window(convolution.window());
        attributes.add(AttributeProto.Wholes.of("dilations", 1, 1));
        attributes.add(new AttributeProto.Whole("group", convolution.window().groups()));
        return node("Conv", name, List.of(x, weights(convolution.weight())), attributes);
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

    private String sum(Node node, Weighing weighing) {
        String f = name(node.inputs().getFirst());
        String s = name(node.inputs().getLast());
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
        List<AttributeProto> attributes = List.of(new AttributeProto.Whole("transB", 1));
        List<String> inputs = List.of(x, weight, weights(linear.bias()));
        nodes.add(new NodeProto("Gemm", name, inputs, List.of(OUTPUT), attributes));
        return OUTPUT;
    }

    private String node(String operator, String name, String... inputs) {
        return node(operator, name, List.of(inputs), List.of());
    }

    private String node(String operator, String name, List<String> inputs, List<AttributeProto> attributes) {
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

    private String wholeNumbers(String name, long... values) {
        initializers.add(new TensorProto(name, List.of((long) values.length), WholeNumbers.of(values)));
        return name;
    }
}
