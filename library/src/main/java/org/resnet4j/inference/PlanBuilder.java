package org.resnet4j.inference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.PredictionKernel;
import org.resnet4j.layer.Addition;
import org.resnet4j.layer.AffineLayer;
import org.resnet4j.layer.AvgPool2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.DropoutSum;
import org.resnet4j.layer.GatedSum;
import org.resnet4j.layer.GlobalAveragePool;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.MaxPool2d;
import org.resnet4j.layer.Relu;
import org.resnet4j.layer.ScaledSum;
import org.resnet4j.layer.SqueezeExcitation;
import org.resnet4j.layer.SummingLayer;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.resnet.IdentityShortcut;
import org.resnet4j.resnet.NoShortcut;
import org.resnet4j.resnet.PaddingShortcut;
import org.resnet4j.resnet.ProjectionShortcut;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResidualBlock;
import org.resnet4j.tensor.Shape;

/**
 * Walks a network once and writes down its operations, each with the buffers that it reads and writes.
 *
 * <p>A buffer is free again when nobody reads it any more, and the lowest free one is taken next. The last convolution of a
 * block writes where its shortcut stands, so an identity block needs no memory but its branch's: three buffers serve a whole
 * network of bottlenecks.
 */
final class PlanBuilder {
    /** An operation whose weights are packed when all are known, several at a time. */
    @FunctionalInterface
    private interface Draft {
        Operation pack(PlanOptions options, Scratch scratch);
    }

    private final PlanOptions options;
    private final List<Draft> drafts = new ArrayList<>();
    private final PriorityQueue<Integer> free = new PriorityQueue<>();
    private int buffers;
    private int current = Operation.IMAGES;
    private Shape shape;

    private PlanBuilder(PlanOptions options, int channels) {
        this.options = options;
        shape = Shape.of(options.batch(), options.height(), options.width(), channels);
    }

    /** The operations from the images to what the global average pooling sees. */
    static List<Operation> build(ResNet network, PlanOptions options) {
        var builder = new PlanBuilder(options, network.spec().inChannels());
        builder.sequence(network.stem(), network.body().layers());
        return builder.pack();
    }

    /** The layers up to the global average pooling. */
    private void sequence(Conv2d stem, List<Layer> layers) {
        Conv2d waiting = stem;
        for (Layer layer : layers) {
            if (waiting != null && !(layer instanceof AffineLayer)) {
                replace(waiting, null);
                waiting = null;
            }
            switch (layer) {
                case Conv2d convolution -> waiting = convolution;
                case AffineLayer norm -> {
                    if (waiting == null) {
                        current = activation(norm, current, true);
                    } else {
                        replace(waiting, norm);
                        waiting = null;
                    }
                }
                case Relu relu -> current = activation(relu, current, true);
                case MaxPool2d pool -> pool(pool);
                case ResidualBlock block -> block(block);
                case GlobalAveragePool end -> {
                    return;
                }
                default -> throw new IllegalArgumentException("a plan cannot contain " + layer.name());
            }
        }
        throw new IllegalArgumentException("a network without global average pooling cannot be compiled");
    }

    private int take() {
        Integer lowest = free.poll();
        return lowest == null ? buffers++ : lowest;
    }

    private void release(int buffer) {
        if (buffer != Operation.IMAGES) {
            free.add(buffer);
        }
    }

    private Shape convolve(
            Conv2d convolution, @Nullable AffineLayer norm, Shape input, int source, int target, boolean add) {
        var folded = new FoldedConvolution(convolution, norm, convolution.geometry(input));
        drafts.add((with, scratch) -> new Operation.Convolution(
                convolution.name(),
                source,
                target,
                folded.shape(),
                add,
                folded.relu(),
                folded.pack(with.kernels(), with.goal(), scratch)));
        return convolution.outputShape(input);
    }

    /** A convolution whose input nobody else reads. */
    private void replace(Conv2d convolution, @Nullable AffineLayer norm) {
        int target = take();
        shape = convolve(convolution, norm, shape, current, target, false);
        release(current);
        current = target;
    }

    private void pool(MaxPool2d pool) {
        int target = take();
        int source = current;
        ConvolutionShape geometry = pool.geometry(shape);
        drafts.add((with, scratch) -> new Operation.MaxPool(pool.name(), source, target, geometry));
        shape = pool.outputShape(shape);
        release(current);
        current = target;
    }

    /**
     * Normalisation and ReLU on their own, or ReLU alone; gives the buffer of the result.
     *
     * @param last whether nobody else reads the source
     */
    private int activation(Layer layer, int source, boolean last) {
        int target = take();
        ConvolutionShape geometry = pixelwise(shape);
        boolean normalizes = layer instanceof AffineLayer;
        AffineNorm affine =
                layer instanceof AffineLayer norm ? AffineNorm.of(norm) : AffineNorm.identity(shape.extent(3));
        drafts.add((with, scratch) ->
                new Operation.Activation(layer.name(), source, target, geometry, normalizes, affine.toArray()));
        if (last) {
            release(source);
        }
        return target;
    }

    /** What keeps the shape, as the window of a convolution. */
    private static ConvolutionShape pixelwise(Shape shape) {
        int channels = shape.extent(3);
        return new ConvolutionShape(
                shape.extent(0), shape.extent(1), shape.extent(2), channels, channels, 1, 1, 1, 0, 1);
    }

    private void block(ResidualBlock block) {
        block.shared().ifPresent(layer -> current = activation(layer, current, true));
        int input = current;
        Shape inputShape = shape;
        var rest = new ArrayDeque<>(block.branch().layers());
        if (!(rest.peek() instanceof Conv2d)) {
            current = activation(rest.remove(), input, false);
        }
        int sum = Operation.IMAGES;
        boolean first = true;
        while (true) {
            var convolution = (Conv2d) rest.remove();
            AffineLayer norm = rest.peek() instanceof AffineLayer behind ? behind : null;
            if (norm != null) {
                rest.remove();
            }
            if (rest.isEmpty()) {
                current = sum(block.sum(), convolution, norm, sum);
                block.behind().ifPresent(layer -> current = activation(layer, current, true));
                return;
            }
            int source = current;
            int target = take();
            Shape output = convolve(convolution, norm, shape, source, target, false);
            if (first) {
                sum = shortcut(block, inputShape, input);
                if (sum != input) {
                    release(input);
                }
            }
            if (source != input) {
                release(source);
            }
            first = false;
            current = target;
            shape = output;
        }
    }

    /**
     * The last convolution of a branch, and the sum; gives the buffer of the result.
     *
     * @param norm behind the convolution and not part of the end, or null
     * @param shortcut where the shortcut stands; nothing's to add nothing
     */
    private int sum(SummingLayer end, Conv2d convolution, @Nullable AffineLayer norm, int shortcut) {
        boolean adds = shortcut != Operation.IMAGES;
        return switch (end) {
            case AffineLayer last -> {
                int target = adds ? shortcut : take();
                last(convolution, last, target, adds);
                yield target;
            }
            case Addition addition
            when adds && norm != null && norm.hasRelu() -> {
                int branch = take();
                last(convolution, norm, branch, false);
                yield weigh(addition.name(), branch, shortcut, 1, false);
            }
            case Addition addition -> {
                int target = adds ? shortcut : take();
                last(convolution, norm, target, adds);
                yield target;
            }
            case SqueezeExcitation gate -> {
                int branch = take();
                last(convolution, norm, branch, false);
                int target = adds ? shortcut : take();
                squeeze(gate, branch, target, adds);
                release(branch);
                yield target;
            }
            case DropoutSum dropout -> sum(dropout.end(), convolution, norm, shortcut);
            case ScaledSum scaled -> {
                int branch = sum(scaled.end().withoutActivation(), convolution, norm, Operation.IMAGES);
                yield weigh(scaled.name(), branch, shortcut, scaled.factor(), scaled.hasRelu());
            }
            case GatedSum gated -> {
                int branch = sum(gated.end().withoutActivation(), convolution, norm, Operation.IMAGES);
                yield gate(gated, branch, shortcut);
            }
            default -> throw new IllegalArgumentException("a plan cannot end a block with " + end.name());
        };
    }

    /** The last convolution of a branch. */
    private void last(Conv2d convolution, @Nullable AffineLayer norm, int target, boolean add) {
        shape = convolve(convolution, norm, shape, current, target, add);
        release(current);
    }

    private int weigh(String name, int branch, int shortcut, float factor, boolean relu) {
        ConvolutionShape geometry = pixelwise(shape);
        drafts.add((with, scratch) -> new Operation.Sum(name, branch, shortcut, geometry, factor, relu));
        release(branch);
        return shortcut;
    }

    private int gate(GatedSum gated, int branch, int shortcut) {
        ConvolutionShape geometry = pixelwise(shape);
        drafts.add((with, scratch) -> {
            PackedConvolution gates = with.kernels()
                    .prediction()
                    .pack(
                            geometry,
                            gated.weight().value().array(),
                            gated.bias().value().array(),
                            false);
            return new Operation.Gate(
                    gated.gateName(), branch, shortcut, geometry, gated.isExclusive(), gated.hasRelu(), gates);
        });
        release(branch);
        return shortcut;
    }

    private void squeeze(SqueezeExcitation gate, int source, int target, boolean add) {
        ConvolutionShape geometry = pixelwise(shape);
        int images = geometry.batch();
        int channels = gate.channels();
        int hidden = gate.hidden();
        drafts.add((with, scratch) -> {
            PredictionKernel prediction = with.kernels().prediction();
            PackedConvolution reduce = prediction.pack(
                    Operation.Squeeze.layer(images, channels, hidden),
                    gate.reduce().value().array(),
                    gate.reduceBias().value().array(),
                    true);
            PackedConvolution expand = prediction.pack(
                    Operation.Squeeze.layer(images, hidden, channels),
                    gate.expand().value().array(),
                    gate.expandBias().value().array(),
                    false);
            return new Operation.Squeeze(
                    gate.name(), source, target, geometry, add, gate.hasRelu(), hidden, reduce, expand);
        });
    }

    /** The buffer in which the shortcut stands; nothing's where there is none. */
    private int shortcut(ResidualBlock block, Shape inputShape, int input) {
        return switch (block.shortcut()) {
            case IdentityShortcut identity -> input;
            case NoShortcut none -> Operation.IMAGES;
            case ProjectionShortcut projection -> project(projection, inputShape, input);
            case PaddingShortcut padding -> {
                int target = take();
                ConvolutionShape geometry = padding.geometry(inputShape);
                drafts.add((with, scratch) ->
                        new Operation.Subsample(block.name() + ".downsample", input, target, geometry));
                yield target;
            }
        };
    }

    private int project(ProjectionShortcut projection, Shape inputShape, int input) {
        int source = input;
        Shape at = inputShape;
        if (projection.pool().isPresent()) {
            AvgPool2d pool = projection.pool().get();
            int pooled = take();
            ConvolutionShape geometry = pool.geometry(inputShape);
            drafts.add((with, scratch) -> new Operation.AveragePool(pool.name(), input, pooled, geometry));
            source = pooled;
            at = pool.outputShape(inputShape);
        }
        int target = take();
        convolve(projection.convolution(), projection.norm().orElse(null), at, source, target, false);
        if (source != input) {
            release(source);
        }
        return target;
    }

    /** Folds and packs the weights, several layers at a time. */
    private List<Operation> pack() {
        var operations = new Operation[drafts.size()];
        options.workers()
                .run(
                        operations.length,
                        (index, scratch) ->
                                operations[index] = drafts.get(index).pack(options, scratch));
        return List.of(operations);
    }
}
