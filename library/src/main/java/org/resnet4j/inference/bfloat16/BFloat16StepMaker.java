package org.resnet4j.inference.bfloat16;

import org.jspecify.annotations.Nullable;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.inference.padded.PaddedStep;
import org.resnet4j.inference.padded.PaddedStepMaker;
import org.resnet4j.inference.step.FoldedConvolution;
import org.resnet4j.inference.step.Step;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.BFloat16Convolution;
import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.BFloat16Weights;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.parallel.Scratch;

/** Compiles a graph into steps in bfloat16. */
final class BFloat16StepMaker extends PaddedStepMaker<short[], BFloat16Value> {
    private final BFloat16Kernel kernel;

    BFloat16StepMaker(Graph unfused, BFloat16Engine engine) {
        super(unfused, engine.compute(), "bfloat16");
        this.kernel = engine.kernel();
    }

    @Override
    protected BFloat16Value images(int halo) {
        return new BFloat16Value(halo, kernel);
    }

    @Override
    protected BFloat16Value value(Node node, int halo) {
        return new BFloat16Value(halo, kernel);
    }

    @Override
    protected @Nullable PaddedStep<short[]> step(Node node, Scratch scratch) {
        return switch (node.operation()) {
            case Operation.Convolution convolution -> convolution(node, convolution);
            case Operation.Linear linear -> linear(node, linear);
            default -> null;
        };
    }

    private PaddedStep<short[]> convolution(Node node, Operation.Convolution convolution) {
        boolean relu = node.epilogue().relu();
        ConvolutionShape window = convolution.window();
        var folded = new float[window.weightSize()];
        float[] bias = new FoldedConvolution(convolution, node.epilogue()).fold(folded);
        BFloat16Convolution packed = kernel.pack(window, BFloat16Weights.of(folded, bias, Activation.relu(relu)));
        String kind = Step.Convolution.kind(window, node.epilogue().adds(), relu);
        return new BFloat16Step.Convolution(wiring(node, kind, window, packed.bytes()), packed);
    }

    private PaddedStep<short[]> linear(Node node, Operation.Linear linear) {
        ConvolutionShape rows =
                ConvolutionShape.matrix(node.shape().extent(0), linear.inFeatures(), linear.outFeatures());
        float[] weights = linear.weight().value().array();
        float[] bias = linear.bias().value().array();
        BFloat16Convolution packed = kernel.pack(rows, BFloat16Weights.of(weights, bias, Activation.NONE));
        return new BFloat16Step.Linear(wiring(node, "linear + bias", rows, packed.bytes()), packed);
    }

    @Override
    protected @Nullable PaddedStep<short[]> step(Node node, Step step) {
        return switch (step) {
            case Step.MaxPool _ -> new BFloat16Step.MaxPool(wiring(node, step), kernel);
            case Step.GlobalAverage _ -> new BFloat16Step.GlobalAverage(wiring(node, step));
            default -> null;
        };
    }
}
