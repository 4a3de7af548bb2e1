package org.resnet4j.graph;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.graph.Origin.Part;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Window;
import org.resnet4j.layer.Addition;
import org.resnet4j.layer.AffineLayer;
import org.resnet4j.layer.AvgPool2d;
import org.resnet4j.layer.BatchNorm2d;
import org.resnet4j.layer.Bias2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.DropoutSum;
import org.resnet4j.layer.GatedSum;
import org.resnet4j.layer.GlobalAveragePool;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.Linear;
import org.resnet4j.layer.MaxPool2d;
import org.resnet4j.layer.Relu;
import org.resnet4j.layer.ScaledSum;
import org.resnet4j.layer.Sequential;
import org.resnet4j.layer.SqueezeExcitation;
import org.resnet4j.layer.StochasticSum;
import org.resnet4j.layer.SummingLayer;
import org.resnet4j.layer.WeighedSum;
import org.resnet4j.resnet.IdentityShortcut;
import org.resnet4j.resnet.NoShortcut;
import org.resnet4j.resnet.PaddingShortcut;
import org.resnet4j.resnet.ProjectionShortcut;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResidualBlock;
import org.resnet4j.resnet.Shortcut;
import org.resnet4j.tensor.Shape;

/** Builds the graph of a network. This is the only class that maps layers to operations. */
final class GraphBuilder {
    /**
     * A value in the network.
     *
     * @param id the id of the node that computes it
     */
    record Value(int id, Shape shape) {}

    private final Shape images;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();

    /** The current block and its part. */
    private String block = "";

    private Part part = Part.TRUNK;

    GraphBuilder(Shape images) {
        this.images = images;
    }

    Graph build(ResNet network) {
        Value value = layer(network.stem(), new Value(Graph.IMAGES, images));
        value = layer(network.body(), value);
        layer(network.classifier(), value);
        return new Graph(network.spec(), images, nodes, blocks);
    }

    /**
     * @throws IllegalArgumentException if the layer is not a layer of a residual network
     */
    Value layer(Layer layer, Value x) {
        String name = layer.name();
        Shape shape = x.shape();
        return switch (layer) {
            case Sequential layers -> sequence(layers, x);
            case ResidualBlock residual -> block(residual, x);
            case AffineLayer norm -> activation(norm, name + ".relu", affine(norm, x));
            case Relu relu -> node(name, name, new Operation.Relu(), relu.outputShape(shape), x);
            case Conv2d convolution -> {
                Shape output = convolution.outputShape(shape);
                var window = new Window(
                        convolution.kernelSize(),
                        convolution.kernelSize(),
                        convolution.stride(),
                        convolution.padding());
                var geometry = geometry(shape, output, window, convolution.groups());
                yield node(name, name, new Operation.Convolution(convolution.weight(), geometry), output, x);
            }
            case MaxPool2d pool -> {
                Shape output = pool.outputShape(shape);
                var window = new Window(pool.window(), pool.window(), pool.stride(), pool.padding());
                yield node(name, name, new Operation.MaxPool(geometry(shape, output, window, 1)), output, x);
            }
            case AvgPool2d pool -> {
                Shape output = pool.outputShape(shape);
                var corner = new Window(1, 1, pool.stride(), 0);
                yield node(name, name, new Operation.AveragePool(geometry(shape, output, corner, 1)), output, x);
            }
            case GlobalAveragePool pool -> node(name, name, new Operation.GlobalAverage(), pool.outputShape(shape), x);
            case Linear linear -> {
                var operation = new Operation.Linear(linear.weight(), linear.bias());
                yield node(name, name, operation, linear.outputShape(shape), x);
            }
            default ->
                throw new IllegalArgumentException(
                        "layer " + name + ", a " + layer.getClass().getSimpleName() + ", is not a graph operation");
        };
    }

    private Value sequence(Sequential layers, Value x) {
        Value value = x;
        for (Layer layer : layers.layers()) {
            value = layer(layer, value);
        }
        return value;
    }

    private Value affine(AffineLayer layer, Value x) {
        String name = layer.name();
        Shape shape = layer.outputShape(x.shape());
        return switch (layer) {
            case BatchNorm2d norm -> {
                var operation = new Operation.BatchNormalization(
                        norm.scale(), norm.shift(), norm.runningMean(), norm.runningVariance(), norm.epsilon());
                yield node(name, name, operation, shape, x);
            }
            // A bias has the path of the convolution whose parameter it is.
            case Bias2d bias -> node(name + ".bias", name, new Operation.Bias(bias.bias()), shape, x);
        };
    }

    /** Adds the ReLU at the end of a layer, if it has one. */
    private Value activation(SummingLayer layer, String name, Value x) {
        return layer.hasRelu() ? node(name, layer.name(), new Operation.Relu(), x.shape(), x) : x;
    }

    private Value block(ResidualBlock residual, Value x) {
        block = residual.name();
        part = Part.ENTRY;
        Value p = residual.shared().map(layer -> layer(layer, x)).orElse(x);
        part = Part.BRANCH;
        Value f = branchEnd(residual.sum(), layer(residual.branch(), p));
        Value sum = sum(residual, f, p);
        part = Part.EXIT;
        Value y = activation(residual.sum(), block + ".relu", sum);
        Value output = residual.behind().map(layer -> layer(layer, y)).orElse(y);
        blocks.add(new Block(block, kind(residual.shortcut()), x.id(), p.id(), output.id()));
        block = "";
        part = Part.TRUNK;
        return output;
    }

    /** Adds the layer that ends a branch, without the addition and without its activation. */
    private Value branchEnd(SummingLayer end, Value f) {
        return switch (end) {
            case AffineLayer norm -> affine(norm, f);
            case SqueezeExcitation gate -> {
                var operation = new Operation.SqueezeExcitation(
                        gate.reduce(), gate.reduceBias(), gate.expand(), gate.expandBias());
                yield node(gate.name(), gate.name(), operation, gate.outputShape(f.shape()), f);
            }
            case Addition addition -> f;
            case StochasticSum stochastic -> branchEnd(stochastic.end(), f);
            case WeighedSum weighed -> branchEnd(weighed.end(), f);
        };
    }

    private Value sum(ResidualBlock residual, Value f, Value p) {
        part = Part.SHORTCUT;
        Shortcut shortcut = residual.shortcut();
        Value s = switch (shortcut) {
            case NoShortcut none -> f;
            case IdentityShortcut identity -> p;
            case ProjectionShortcut projection -> layer(projection.layers(), p);
            case PaddingShortcut padding -> padding(padding, p);
        };
        part = Part.SUM;
        return shortcut instanceof NoShortcut
                ? f
                : node(block + ".sum", residual.sum().name(), sum(residual.sum()), f.shape(), f, s);
    }

    private Value padding(PaddingShortcut padding, Value p) {
        String name = block + ".downsample";
        Shape output = padding.outputShape(p.shape());
        var pixel = new Window(1, 1, padding.stride(), 0);
        return node(name, name, new Operation.ZeroPadding(geometry(p.shape(), output, pixel, 1)), output, p);
    }

    private static ConvolutionShape geometry(Shape input, Shape output, Window window, int groups) {
        return new ConvolutionShape(
                input.extent(0), input.extent(1), input.extent(2), input.extent(3), output.extent(3), window, groups);
    }

    /** Returns the sum that a layer computes in evaluation. */
    private static Operation sum(SummingLayer layer) {
        String kind = layer.sumKind();
        return switch (layer) {
            case AffineLayer norm -> new Operation.Sum(new Weighing.None(), kind, "");
            case SqueezeExcitation gate -> new Operation.Sum(new Weighing.None(), kind, "");
            case Addition addition -> new Operation.Sum(new Weighing.None(), kind, "");
            case StochasticSum stochastic -> sum(stochastic.end());
            case DropoutSum dropout -> new Operation.Sum(new Weighing.None(), kind, "half of x randomly dropped");
            case ScaledSum scaled ->
                new Operation.Sum(new Weighing.Constant(scaled.factor()), kind, scaled.factor() + " of both");
            case GatedSum gated ->
                new Operation.Sum(
                        new Weighing.Gate(gated.gateName(), gated.weight(), gated.bias(), gated.isExclusive()),
                        kind,
                        gated.isExclusive() ? "g · F + (1 − g) · x" : "F + (1 − g) · x");
        };
    }

    private static Block.Shortcut kind(Shortcut shortcut) {
        return switch (shortcut) {
            case IdentityShortcut identity -> Block.Shortcut.IDENTITY;
            case ProjectionShortcut projection -> Block.Shortcut.PROJECTION;
            case PaddingShortcut padding -> Block.Shortcut.PADDING;
            case NoShortcut none -> Block.Shortcut.NONE;
        };
    }

    private Value node(String name, String layer, Operation operation, Shape shape, Value... inputs) {
        int id = nodes.size() + 1;
        var ids = new ArrayList<Integer>(inputs.length);
        for (Value input : inputs) {
            ids.add(input.id());
        }
        nodes.add(new Node(id, name, new Origin(layer, block, part), operation, ids, shape, Epilogue.NONE));
        return new Value(id, shape);
    }
}
