package org.resnet4j.inference.int8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.inference.padded.PaddedStep;
import org.resnet4j.inference.padded.PaddedStepMaker;
import org.resnet4j.inference.step.Step;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Convolution;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.kernel.Int8Weights;
import org.resnet4j.parallel.Scratch;

/** Compiles a graph into steps in bytes. */
final class ByteStepMaker extends PaddedStepMaker<byte[], ByteValue> {
    private final Int8Engine engine;
    private final Quantization quantization;

    ByteStepMaker(Graph unfused, Int8Engine engine) {
        super(unfused, engine.compute(), "int8");
        this.engine = engine;
        this.quantization = engine.quantization();
    }

    @Override
    protected ByteValue images(int halo) {
        return new ByteValue(quantization.images(), halo);
    }

    @Override
    protected ByteValue value(Node node, int halo) {
        ByteScale scale = Quantization.keepsScale(node.operation())
                ? value(node.input()).scale()
                : quantization.scale(node.name());
        return new ByteValue(scale, halo);
    }

    @Override
    protected @Nullable PaddedStep<byte[]> step(Node node, Scratch scratch) {
        QuantizedWeights weights = quantization.weights(node.name());
        return switch (node.operation()) {
            case Operation.Convolution convolution when weights != null -> convolution(node, convolution, weights);
            case Operation.Linear linear when weights != null -> linear(node, linear, weights);
            default -> null;
        };
    }

    private ByteStep convolution(Node node, Operation.Convolution convolution, QuantizedWeights weights) {
        boolean relu = node.epilogue().relu();
        ConvolutionShape window = convolution.window();
        ByteScale x = value(node.input()).scale();
        ByteTarget target = target(node, 1, relu);
        ByteScale shortcut = target.residual();
        Int8Weights scaled = shortcut == null
                ? weights.toBytes(x, target)
                : weights.toSums(x, quantization.branchScale(node.name(), shortcut), target);
        Int8Convolution packed = engine.kernel().pack(window, scaled);
        String kind = Step.Convolution.kind(window, node.epilogue().adds(), relu);
        return new ByteStep.Convolution(wiring(node, kind, window, packed.bytes()), packed);
    }

    private PaddedStep<byte[]> linear(Node node, Operation.Linear linear, QuantizedWeights weights) {
        ConvolutionShape rows =
                ConvolutionShape.matrix(node.shape().extent(0), linear.inFeatures(), linear.outFeatures());
        Int8Convolution packed =
                engine.kernel().pack(rows, weights.toFloats(value(node.input()).scale()));
        return new HeadStep.Linear(wiring(node, "linear + bias", rows, packed.bytes()), packed);
    }

    @Override
    protected @Nullable PaddedStep<byte[]> step(Node node, Step step) {
        Int8MapKernel maps = engine.maps();
        return switch (step) {
            case Step.Convolution _, Step.Gate _, Step.Linear _ -> null;
            case Step.MaxPool pool -> new ByteStep.MaxPool(wiring(node, step), maps);
            case Step.AveragePool pool ->
                new ByteStep.AveragePool(
                        wiring(node, step), rescaling(node, new float[] {1}, new float[1], 1, false), maps);
            case Step.Subsample subsample -> new ByteStep.Subsample(wiring(node, step));
            case Step.Affine affine -> {
                int channels = affine.affine().length / 2;
                float[] factors = Arrays.copyOf(affine.affine(), channels);
                float[] offsets = Arrays.copyOfRange(affine.affine(), channels, 2 * channels);
                yield new ByteStep.Rescale(
                        wiring(node, step), rescaling(node, factors, offsets, 1, affine.relu()), maps);
            }
            case Step.Sum sum -> {
                var factors = new float[sum.shape().outChannels()];
                Arrays.fill(factors, sum.factor());
                float[] offsets = new float[factors.length];
                yield new ByteStep.Rescale(
                        wiring(node, step), rescaling(node, factors, offsets, sum.factor(), sum.relu()), maps);
            }
            case Step.Squeeze squeeze ->
                new ByteSqueeze(
                        wiring(node, step),
                        value(node.input()),
                        target(node, 1, squeeze.relu()),
                        squeeze.layers(),
                        maps);
            case Step.GlobalAverage average ->
                new HeadStep.GlobalAverage(wiring(node, step), value(node.input()), maps);
        };
    }

    private Int8Rescaling rescaling(Node node, float[] factors, float[] offsets, float weightOfAdded, boolean relu) {
        return target(node, weightOfAdded, relu).rescaling(value(node.input()).scale(), factors, offsets);
    }

    private ByteTarget target(Node node, float weightOfAdded, boolean relu) {
        ByteValue added = added(node);
        return new ByteTarget(value(node.id()).scale(), added == null ? null : added.scale(), weightOfAdded, relu);
    }
}
