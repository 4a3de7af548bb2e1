package org.resnet4j.inference.step;

import org.jspecify.annotations.Nullable;
import org.resnet4j.graph.Epilogue;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Weighing;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.PredictionKernel;
import org.resnet4j.kernel.Window;
import org.resnet4j.layer.Parameter;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.tensor.Shape;

/** Creates the step of a node, with its weights packed as they are now. Thread-safe. */
public final class StepMaker {
    private final PredictionKernel prediction;
    private final Packing packing;
    private final BufferAssignment buffers;

    /**
     * @param prediction packs the weights
     * @param packing the packing of convolutions
     * @param buffers the buffers of the values
     */
    public StepMaker(PredictionKernel prediction, Packing packing, BufferAssignment buffers) {
        this.prediction = prediction;
        this.packing = packing;
        this.buffers = buffers;
    }

    /**
     * @param scratch the memory of the thread
     */
    public Step step(Node node, Scratch scratch) {
        String layer = node.origin().layer();
        int source = buffers.of(node.input());
        int target = buffers.of(node.id());
        Shape shape = node.shape();
        return switch (node.operation()) {
            case Operation.Convolution convolution -> convolution(node, convolution, source, target, scratch);
            case Operation.Affine affine -> activation(node, affine, source, target);
            case Operation.Relu relu -> activation(node, null, source, target);
            case Operation.MaxPool pool -> new Step.MaxPool(layer, source, target, pool.window());
            case Operation.AveragePool pool -> new Step.AveragePool(layer, source, target, pool.cells());
            case Operation.ZeroPadding padding -> new Step.Subsample(layer, source, target, padding.window());
            case Operation.SqueezeExcitation gate -> squeeze(node, gate, source, target);
            case Operation.Sum sum -> sum(node, sum.weighing(), source, target);
            case Operation.GlobalAverage average -> new Step.GlobalAverage(layer, source, target, onePixel(shape));
            case Operation.Linear linear -> {
                ConvolutionShape rows =
                        ConvolutionShape.matrix(shape.extent(0), linear.inFeatures(), linear.outFeatures());
                yield new Step.Linear(layer, source, target, rows, pack(rows, linear.weight(), linear.bias(), false));
            }
        };
    }

    private Step convolution(Node node, Operation.Convolution convolution, int source, int target, Scratch scratch) {
        Epilogue epilogue = node.epilogue();
        var folded = new FoldedConvolution(convolution, epilogue);
        return new Step.Convolution(
                node.origin().layer(),
                source,
                target,
                convolution.window(),
                epilogue.adds(),
                epilogue.relu(),
                folded.pack(prediction, packing, scratch));
    }

    /**
     * Returns a step for a normalization that cannot be folded into a convolution, or for a ReLU that is a layer of its
     * own.
     */
    private static Step activation(Node node, Operation.@Nullable Affine affine, int source, int target) {
        AffineNorm norm = affine == null ? AffineNorm.identity(node.shape().extent(3)) : AffineNorm.of(affine);
        return new Step.Affine(
                node.origin().layer(),
                source,
                target,
                pixelwise(node.shape()),
                affine != null,
                affine == null || node.epilogue().relu(),
                norm.toArray());
    }

    private Step sum(Node node, Weighing weighing, int source, int target) {
        String layer = node.origin().layer();
        ConvolutionShape shape = pixelwise(node.shape());
        boolean relu = node.epilogue().relu();
        return switch (weighing) {
            case Weighing.None none -> new Step.Sum(layer, source, target, shape, 1, relu);
            case Weighing.Constant constant -> new Step.Sum(layer, source, target, shape, constant.factor(), relu);
            case Weighing.Gate gate ->
                new Step.Gate(
                        gate.name(),
                        source,
                        target,
                        shape,
                        gate.exclusive(),
                        relu,
                        pack(shape, gate.weight(), gate.bias(), false));
        };
    }

    private Step squeeze(Node node, Operation.SqueezeExcitation gate, int source, int target) {
        int images = node.shape().extent(0);
        int channels = gate.channels();
        int hidden = gate.hidden();
        return new Step.Squeeze(
                node.origin().layer(),
                source,
                target,
                pixelwise(node.shape()),
                node.epilogue().adds(),
                node.epilogue().relu(),
                new Step.Squeeze.Layers(
                        hidden,
                        pack(ConvolutionShape.matrix(images, channels, hidden), gate.reduce(), gate.reduceBias(), true),
                        pack(
                                ConvolutionShape.matrix(images, hidden, channels),
                                gate.expand(),
                                gate.expandBias(),
                                false)));
    }

    private PackedConvolution pack(ConvolutionShape shape, Parameter weight, Parameter bias, boolean relu) {
        return prediction.pack(shape, weight.value().array(), bias.value().array(), Activation.relu(relu));
    }

    /** Returns the convolution window of an operation that preserves the shape. */
    private static ConvolutionShape pixelwise(Shape shape) {
        int channels = shape.extent(3);
        return new ConvolutionShape(
                shape.extent(0), shape.extent(1), shape.extent(2), channels, channels, new Window(1, 1, 1, 0), 1);
    }

    /** Returns the global average for images of one pixel; each call determines the size of its images. */
    private static ConvolutionShape onePixel(Shape features) {
        int channels = features.extent(1);
        return new ConvolutionShape(features.extent(0), 1, 1, channels, channels, new Window(1, 1, 1, 0), 1);
    }
}
