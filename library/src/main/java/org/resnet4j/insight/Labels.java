package org.resnet4j.insight;

import java.util.stream.Collectors;
import org.resnet4j.graph.Block;
import org.resnet4j.graph.Epilogue;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Origin.Part;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.tensor.Shape;

/** The texts for parts of a network in drawings. */
final class Labels {
    private Labels() {}

    /** Returns rows, columns and channels. */
    static String size(Shape shape) {
        return shape.rank() == 4
                ? shape.extent(1) + " × " + shape.extent(2) + " × " + shape.extent(3)
                : Integer.toString(shape.extent(1));
    }

    /** Returns the class of an operation's box in the style sheet. */
    static String style(Operation operation) {
        return switch (operation) {
            case Operation.Convolution convolution -> "conv";
            case Operation.Affine affine -> "norm";
            case Operation.Relu relu -> "relu";
            case Operation.MaxPool pool -> "pool";
            case Operation.AveragePool pool -> "pool";
            case Operation.ZeroPadding padding -> "pool";
            case Operation.GlobalAverage average -> "pool";
            case Operation.SqueezeExcitation gate -> "linear";
            case Operation.Sum sum -> "linear";
            case Operation.Linear linear -> "linear";
        };
    }

    /** Returns the text for an operation: {@code 3x3 conv, 64, stride 2}. */
    static String operation(Operation operation) {
        return switch (operation) {
            case Operation.Convolution convolution -> convolution(convolution.window());
            case Operation.BatchNormalization norm -> "batch norm";
            case Operation.Bias bias -> "bias";
            case Operation.Relu relu -> "ReLU";
            case Operation.MaxPool pool -> {
                ConvolutionShape window = pool.window();
                yield "max pool " + window.kernelHeight() + "x" + window.kernelWidth() + ", stride " + window.stride();
            }
            case Operation.AveragePool pool -> {
                int cell = pool.cells().stride();
                yield "average pool, " + cell + "x" + cell;
            }
            case Operation.ZeroPadding padding ->
                padding.window().outChannels() - padding.window().inChannels() + " channels of zeros";
            case Operation.SqueezeExcitation gate -> "squeeze-and-excitation";
            case Operation.Sum sum -> sum.kind();
            case Operation.GlobalAverage average -> "global average pool";
            case Operation.Linear linear -> "linear, " + linear.outFeatures();
        };
    }

    /** Returns the text for an operation and the operations folded into it. */
    static String folded(Node node) {
        Epilogue epilogue = node.epilogue();
        Operation.Affine affine = epilogue.affine();
        String norm = affine == null ? "" : affine instanceof Operation.Bias ? ", bias" : ", norm";
        return operation(node.operation()) + norm + (epilogue.relu() ? ", ReLU" : "");
    }

    private static String convolution(ConvolutionShape window) {
        return window.kernelHeight() + "x" + window.kernelWidth() + " conv, " + window.outChannels()
                + (window.groups() > 1 ? ", " + window.groups() + " groups" : "")
                + (window.stride() > 1 ? ", stride " + window.stride() : "");
    }

    /** Returns the kind of a block, which depends on its shortcut. */
    static String kind(Block block) {
        return switch (block.shortcut()) {
            case IDENTITY -> "identity block";
            case PROJECTION -> "convolutional block";
            case PADDING -> "block with padding";
            case NONE -> "plain block";
        };
    }

    /** Returns the convolutions of a block's branch: {@code 1x1, 64 · 3x3, 64 · 1x1, 256}. */
    static String branch(Graph graph, Block block) {
        return graph.nodes(block, Part.BRANCH).stream()
                .map(Node::operation)
                .filter(Operation.Convolution.class::isInstance)
                .map(Operation.Convolution.class::cast)
                .map(Operation.Convolution::window)
                .map(window -> window.kernelHeight() + "x" + window.kernelWidth() + ", " + window.outChannels())
                .collect(Collectors.joining(" · "));
    }
}
