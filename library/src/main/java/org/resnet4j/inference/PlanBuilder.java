package org.resnet4j.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.layer.BatchNorm2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.GlobalAveragePool;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.MaxPool2d;
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
    /** What is known of an operation before the weights are packed. */
    private record Draft(
            String name,
            int source,
            int target,
            ConvolutionShape shape,
            boolean add,
            @Nullable FoldedConvolution convolution,
            boolean pool) {}

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
        Conv2d waiting = network.stem();
        for (Layer layer : network.body().layers()) {
            switch (layer) {
                case BatchNorm2d norm -> builder.replace(waiting, norm);
                case MaxPool2d pool -> builder.pool(pool);
                case ResidualBlock block -> builder.block(block);
                case GlobalAveragePool end -> {
                    return builder.pack();
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

    private Shape convolve(Conv2d convolution, BatchNorm2d norm, Shape input, int source, int target, boolean add) {
        var folded = new FoldedConvolution(convolution, norm, convolution.geometry(input));
        drafts.add(new Draft(convolution.name(), source, target, folded.shape(), add, folded, false));
        return convolution.outputShape(input);
    }

    /** A convolution whose input nobody else reads. */
    private void replace(Conv2d convolution, BatchNorm2d norm) {
        int target = take();
        shape = convolve(convolution, norm, shape, current, target, false);
        release(current);
        current = target;
    }

    private void pool(MaxPool2d pool) {
        int target = take();
        drafts.add(new Draft(pool.name(), current, target, pool.geometry(shape), false, null, true));
        shape = pool.outputShape(shape);
        release(current);
        current = target;
    }

    private void block(ResidualBlock block) {
        Shape inputShape = shape;
        List<Layer> layers = block.branch().layers();
        int last = layers.size() - 1;
        int sum = Operation.IMAGES;
        for (int i = 0; i < last; i += 2) {
            int target = take();
            Shape output =
                    convolve((Conv2d) layers.get(i), (BatchNorm2d) layers.get(i + 1), shape, current, target, false);
            if (i == 0) {
                sum = shortcut(block);
            }
            if (current != sum) {
                release(current);
            }
            current = target;
            shape = output;
        }
        boolean plain = block.shortcut() instanceof NoShortcut;
        int target = plain ? take() : sum;
        Shape output = convolve((Conv2d) layers.get(last), block.sum(), shape, current, target, !plain);
        if (!block.outputShape(inputShape).equals(output)) {
            throw new IllegalArgumentException("block " + block.name() + " gives " + output);
        }
        release(current);
        shape = output;
        current = target;
    }

    /** The buffer in which the shortcut stands; nothing's where there is none. */
    private int shortcut(ResidualBlock block) {
        return switch (block.shortcut()) {
            case IdentityShortcut identity -> current;
            case NoShortcut none -> Operation.IMAGES;
            case ProjectionShortcut projection -> {
                int target = take();
                List<Layer> layers = projection.layers().layers();
                convolve((Conv2d) layers.get(0), (BatchNorm2d) layers.get(1), shape, current, target, false);
                yield target;
            }
            case PaddingShortcut padding -> {
                int target = take();
                var geometry = padding.geometry(shape);
                drafts.add(new Draft(block.name() + ".downsample", current, target, geometry, false, null, false));
                yield target;
            }
        };
    }

    /** Folds and packs the weights, several layers at a time. */
    private List<Operation> pack() {
        var packed = new PackedConvolution[drafts.size()];
        options.workers().run(packed.length, (index, scratch) -> {
            FoldedConvolution convolution = drafts.get(index).convolution();
            if (convolution != null) {
                packed[index] = convolution.pack(options.kernels(), options.goal(), scratch);
            }
        });
        var operations = new ArrayList<Operation>();
        for (int i = 0; i < packed.length; i++) {
            Draft d = drafts.get(i);
            FoldedConvolution folded = d.convolution();
            if (folded != null) {
                operations.add(new Operation.Convolution(
                        d.name(), d.source(), d.target(), d.shape(), d.add(), folded.relu(), packed[i]));
            } else if (d.pool()) {
                operations.add(new Operation.MaxPool(d.name(), d.source(), d.target(), d.shape()));
            } else {
                operations.add(new Operation.Subsample(d.name(), d.source(), d.target(), d.shape()));
            }
        }
        return operations;
    }
}
