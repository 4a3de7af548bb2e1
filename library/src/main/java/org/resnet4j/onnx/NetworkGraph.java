package org.resnet4j.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.layer.Addition;
import org.resnet4j.layer.AffineLayer;
import org.resnet4j.layer.AvgPool2d;
import org.resnet4j.layer.BatchNorm2d;
import org.resnet4j.layer.Bias2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.GatedSum;
import org.resnet4j.layer.GlobalAveragePool;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.Linear;
import org.resnet4j.layer.MaxPool2d;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Relu;
import org.resnet4j.layer.ScaledSum;
import org.resnet4j.layer.Sequential;
import org.resnet4j.layer.SqueezeExcitation;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.SummingLayer;
import org.resnet4j.layer.WeighedSum;
import org.resnet4j.onnx.proto.AttributeProto;
import org.resnet4j.onnx.proto.GraphProto;
import org.resnet4j.onnx.proto.NodeProto;
import org.resnet4j.onnx.proto.TensorProto;
import org.resnet4j.onnx.proto.ValueInfoProto;
import org.resnet4j.onnx.proto.ValueInfoProto.Dimension;
import org.resnet4j.onnx.proto.Weights;
import org.resnet4j.onnx.proto.WholeNumbers;
import org.resnet4j.resnet.IdentityShortcut;
import org.resnet4j.resnet.NoShortcut;
import org.resnet4j.resnet.PaddingShortcut;
import org.resnet4j.resnet.ProjectionShortcut;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResidualBlock;
import org.resnet4j.resnet.Shortcut;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A network as a graph of ONNX's operators, in the order of computation.
 *
 * <p>A node has the path of its layer ({@code layer1.0.conv1}), and so has the value that it gives. ReLU, which the
 * network computes together with a normalisation, is a node of its own behind it ({@code layer1.0.bn1.relu}); a block ends
 * in {@code layer1.0.sum} and {@code layer1.0.relu}.
 */
public final class NetworkGraph {
    private static final String INPUT = "input";
    private static final String OUTPUT = "logits";

    /** For a slice: as far as there is something. */
    private static final long TO_THE_END = Long.MAX_VALUE;

    /**
     * What a node gives.
     *
     * @param name in the graph
     * @param shape of a single image, as the library has it: {@code [1, H, W, C]} or {@code [1, features]}
     */
    private record Value(String name, Shape shape) {}

    private final List<NodeProto> nodes = new ArrayList<>();
    private final List<TensorProto> initializers = new ArrayList<>();

    private NetworkGraph() {}

    static GraphProto of(ResNet network, OnnxOptions options) {
        var graph = new NetworkGraph();
        int channels = network.spec().inChannels();
        var images = new Value(INPUT, Shape.of(1, options.height(), options.width(), channels));
        Value first = graph.convolution(network.stem(), images);
        Value features = graph.sequence(network.body(), first);
        Value logits = graph.linear(network.classifier(), features);
        Dimension batch = options.batch().isPresent()
                ? new Dimension.Fixed(options.batch().getAsInt())
                : new Dimension.Any("batch");
        return new GraphProto(
                network.spec().name(),
                graph.nodes,
                graph.initializers,
                List.of(new ValueInfoProto(
                        INPUT,
                        List.of(
                                batch,
                                new Dimension.Fixed(channels),
                                new Dimension.Fixed(options.height()),
                                new Dimension.Fixed(options.width())))),
                List.of(new ValueInfoProto(
                        logits.name(),
                        List.of(batch, new Dimension.Fixed(logits.shape().extent(1))))));
    }

    private Value sequence(Sequential layers, Value x) {
        Value value = x;
        for (Layer layer : layers.layers()) {
            value = layer(layer, value);
        }
        return value;
    }

    private Value layer(Layer layer, Value x) {
        return switch (layer) {
            case Conv2d convolution -> convolution(convolution, x);
            case AffineLayer norm -> normalizationAndActivation(norm, x);
            case Relu relu -> relu(relu.name(), x);
            case MaxPool2d pool -> maxPool(pool, x);
            case AvgPool2d pool -> averageCells(pool, x);
            case ResidualBlock block -> block(block, x);
            case GlobalAveragePool pool -> averagePool(pool, x);
            default ->
                throw new IllegalArgumentException("layer " + layer.name() + ", a "
                        + layer.getClass().getSimpleName() + ", has no form in ONNX here");
        };
    }

    private Value convolution(Conv2d layer, Value x) {
        ConvolutionShape geometry = layer.geometry(x.shape());
        List<AttributeProto> attributes = window(geometry);
        attributes.add(AttributeProto.Wholes.of("dilations", 1, 1));
        attributes.add(new AttributeProto.Whole("group", geometry.groups()));
        String weight = weights(layer.weight());
        return node("Conv", layer.name(), List.of(x.name(), weight), attributes, layer.outputShape(x.shape()));
    }

    private Value maxPool(MaxPool2d layer, Value x) {
        List<AttributeProto> attributes = window(layer.geometry(x.shape()));
        return node("MaxPool", layer.name(), List.of(x.name()), attributes, layer.outputShape(x.shape()));
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

    private Value normalizationAndActivation(AffineLayer layer, Value x) {
        Value normal = normalization(layer, x);
        return layer.hasRelu() ? relu(layer.name() + ".relu", normal) : normal;
    }

    private Value normalization(AffineLayer layer, Value x) {
        return switch (layer) {
            case BatchNorm2d norm -> normalization(norm, x);
            case Bias2d bias -> bias(bias, x);
            default ->
                throw new IllegalArgumentException("layer " + layer.name() + ", a "
                        + layer.getClass().getSimpleName() + ", has no form in ONNX here");
        };
    }

    /** In ONNX a bias is an input of the convolution, which was the last node. */
    private Value bias(Bias2d layer, Value x) {
        NodeProto convolution = nodes.removeLast();
        var inputs = new ArrayList<>(convolution.inputs());
        inputs.add(weights(layer.bias()));
        return node(convolution.operator(), x.name(), inputs, convolution.attributes(), x.shape());
    }

    private Value normalization(BatchNorm2d layer, Value x) {
        List<String> inputs = List.of(
                x.name(),
                weights(layer.scale()),
                weights(layer.shift()),
                weights(layer.runningMean()),
                weights(layer.runningVariance()));
        List<AttributeProto> attributes = List.of(new AttributeProto.Real("epsilon", layer.epsilon()));
        return node("BatchNormalization", layer.name(), inputs, attributes, layer.outputShape(x.shape()));
    }

    private Value block(ResidualBlock block, Value x) {
        Value p = block.shared().map(layer -> layer(layer, x)).orElse(x);
        Value f = branchEnd(block.sum(), sequence(block.branch(), p));
        Value sum = sum(block, f, p);
        Value y = block.sum().hasRelu() ? relu(block.name() + ".relu", sum) : sum;
        return block.behind().map(norm -> normalizationAndActivation(norm, y)).orElse(y);
    }

    /** What ends a branch, without what it adds and without its activation. */
    private Value branchEnd(SummingLayer end, Value f) {
        return switch (end) {
            case AffineLayer norm -> normalization(norm, f);
            case Addition addition -> f;
            case SqueezeExcitation gate -> weigh(gate, f);
            case WeighedSum weighed -> branchEnd(weighed.end(), f);
            default ->
                throw new IllegalArgumentException(
                        end.name() + ", a " + end.getClass().getSimpleName() + ", has no form in ONNX here");
        };
    }

    private Value sum(ResidualBlock block, Value f, Value x) {
        if (block.shortcut() instanceof NoShortcut) {
            return f;
        }
        String name = block.name() + ".sum";
        Value s = shortcut(block.shortcut(), block.name() + ".shortcut", x);
        return switch (block.sum()) {
            case ScaledSum scaled -> {
                String factor = weights(
                        block.name() + ".factor",
                        Shape.of(1),
                        () -> Tensor.wrap(new float[] {scaled.factor()}, Shape.of(1)));
                Value whole = join("Add", name, f, s);
                yield node("Mul", block.name() + ".scaled", List.of(whole.name(), factor), List.of(), whole.shape());
            }
            case GatedSum gated -> gate(gated, block.name(), f, s);
            default -> join("Add", name, f, s);
        };
    }

    /** A sum with gates; what a gate leaves, {@code 1 − sigmoid(z)}, is {@code sigmoid(−z)}. */
    private Value gate(GatedSum gated, String block, Value f, Value s) {
        Value z = pixelwise(gated.gateName(), s, gated.weight(), gated.bias(), s.shape());
        Value minus = node("Neg", gated.gateName() + ".negative", List.of(z.name()), List.of(), s.shape());
        Value rest = node("Sigmoid", gated.gateName() + ".rest", List.of(minus.name()), List.of(), s.shape());
        Value shortcut = join("Mul", block + ".shortcut", s, rest);
        Value branch = f;
        if (gated.isExclusive()) {
            Value open = node("Sigmoid", gated.gateName() + ".open", List.of(z.name()), List.of(), s.shape());
            branch = join("Mul", block + ".branch", f, open);
        }
        return join("Add", block + ".sum", branch, shortcut);
    }

    private Value join(String operator, String name, Value one, Value other) {
        return node(operator, name, List.of(one.name(), other.name()), List.of(), one.shape());
    }

    private Value relu(String name, Value x) {
        return node("Relu", name, List.of(x.name()), List.of(), x.shape());
    }

    /** Squeeze-and-excitation; ONNX keeps the two axes of the image, of extent 1, all along. */
    private Value weigh(SqueezeExcitation gate, Value x) {
        Shape means = Shape.of(1, 1, 1, gate.channels());
        Shape between = Shape.of(1, 1, 1, gate.hidden());
        String name = gate.name();
        Value pooled = node("GlobalAveragePool", name + ".mean", List.of(x.name()), List.of(), means);
        Value reduced = pixelwise(name + ".fc1", pooled, gate.reduce(), gate.reduceBias(), between);
        Value open = node("Relu", name + ".relu", List.of(reduced.name()), List.of(), between);
        Value expanded = pixelwise(name + ".fc2", open, gate.expand(), gate.expandBias(), means);
        Value gates = node("Sigmoid", name + ".gates", List.of(expanded.name()), List.of(), means);
        return node("Mul", name, List.of(x.name(), gates.name()), List.of(), x.shape());
    }

    private Value pixelwise(String name, Value x, Parameter weight, Parameter bias, Shape output) {
        List<String> inputs = List.of(x.name(), weights(weight), weights(bias));
        List<AttributeProto> attributes = List.of(AttributeProto.Wholes.of("kernel_shape", 1, 1));
        return node("Conv", name, inputs, attributes, output);
    }

    private Value averageCells(AvgPool2d layer, Value x) {
        List<AttributeProto> attributes = List.of(
                AttributeProto.Wholes.of("kernel_shape", layer.stride(), layer.stride()),
                AttributeProto.Wholes.of("strides", layer.stride(), layer.stride()),
                new AttributeProto.Whole("ceil_mode", 1));
        return node("AveragePool", layer.name(), List.of(x.name()), attributes, layer.outputShape(x.shape()));
    }

    private Value shortcut(Shortcut shortcut, String name, Value x) {
        return switch (shortcut) {
            case IdentityShortcut identity -> x;
            case ProjectionShortcut projection -> sequence(projection.layers(), x);
            case PaddingShortcut padding -> padChannels(padding, name, subsample(padding, name, x));
            case NoShortcut none -> throw new IllegalArgumentException(name + " is none, and has no value");
        };
    }

    /** Every stride-th pixel. */
    private Value subsample(PaddingShortcut shortcut, String name, Value x) {
        int stride = shortcut.stride();
        if (stride == 1) {
            return x;
        }
        List<String> inputs = List.of(
                x.name(),
                wholeNumbers(name + ".starts", 0, 0),
                wholeNumbers(name + ".ends", TO_THE_END, TO_THE_END),
                wholeNumbers(name + ".axes", 2, 3),
                wholeNumbers(name + ".steps", stride, stride));
        int height = (x.shape().extent(1) - 1) / stride + 1;
        int width = (x.shape().extent(2) - 1) / stride + 1;
        return node("Slice", name + ".slice", inputs, List.of(), Shape.of(1, height, width, shortcut.inChannels()));
    }

    /** Channels of zeros before and after. */
    private Value padChannels(PaddingShortcut shortcut, String name, Value x) {
        int missing = shortcut.outChannels() - shortcut.inChannels();
        if (missing == 0) {
            return x;
        }
        int before = missing / 2;
        String pads = wholeNumbers(name + ".pads", 0, before, 0, 0, 0, missing - before, 0, 0);
        Shape shape = Shape.of(1, x.shape().extent(1), x.shape().extent(2), shortcut.outChannels());
        return node("Pad", name + ".pad", List.of(x.name(), pads), List.of(), shape);
    }

    /** ONNX keeps the two axes of the image, of extent 1, until they are flattened away. */
    private Value averagePool(GlobalAveragePool layer, Value x) {
        Shape features = layer.outputShape(x.shape());
        Value pooled = node("GlobalAveragePool", layer.name(), List.of(x.name()), List.of(), features);
        List<AttributeProto> attributes = List.of(new AttributeProto.Whole("axis", 1));
        return node("Flatten", layer.name() + ".flatten", List.of(pooled.name()), attributes, features);
    }

    private Value linear(Linear layer, Value x) {
        List<String> inputs = List.of(
                x.name(),
                weights(
                        layer.weight().name(),
                        Shape.of(layer.inFeatures(), layer.outFeatures()),
                        layer.weight()::value),
                weights(layer.bias()));
        List<AttributeProto> attributes = List.of(new AttributeProto.Whole("transB", 1));
        nodes.add(new NodeProto("Gemm", layer.name(), inputs, List.of(OUTPUT), attributes));
        return new Value(OUTPUT, layer.outputShape(x.shape()));
    }

    private Value node(
            String operator, String name, List<String> inputs, List<AttributeProto> attributes, Shape shape) {
        nodes.add(new NodeProto(operator, name, inputs, List.of(name), attributes));
        return new Value(name, shape);
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
