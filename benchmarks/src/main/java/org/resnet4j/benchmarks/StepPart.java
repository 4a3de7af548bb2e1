package org.resnet4j.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.resnet4j.benchmarks.KernelTimer.Call;
import org.resnet4j.kernel.ConvolutionShape;

/**
 * The part of a step that the time of a kernel belongs to, and its work.
 *
 * @param path the names from coarse to fine: {@code convolution forward}, {@code 3x3 stride 1}, {@code 16x56:64>64:3/1}
 * @param flops the floating-point operations of one call by definition, two per multiply-add; 0 for work bound by
 *     memory
 */
record StepPart(List<String> path, double flops) {
    private static final String CONVOLUTION = "convolution";

    /** The titles of kernel families in a profile. */
    private static final Map<String, String> TITLES = Map.of("normalization", "batch norm");

    private static final String LINEAR = "linear layer";

    StepPart {
        path = List.copyOf(path);
    }

    /**
     * Returns the part for a kernel call.
     *
     * @param imageChannels the channels of the images; a convolution with as many input channels is the stem
     */
    static StepPart of(Call call, int imageChannels) {
        ConvolutionShape shape = call.shape();
        if (shape == null || !call.family().equals(CONVOLUTION)) {
            return new StepPart(List.of(TITLES.getOrDefault(call.family(), call.family()), words(call.method())), 0);
        }
        if (isMatrix(shape)) {
            return new StepPart(List.of(LINEAR, words(call.method())), 0);
        }
        boolean backward = call.method().startsWith("backward");
        boolean data = call.method().contains("Data");
        boolean weights = call.method().contains("Weights");
        String group;
        int passes = 1;
        if (!backward) {
            group = "convolution forward";
        } else if (data == weights) {
            group = "gradients to data and weights";
            passes = 2;
        } else {
            group = data ? "gradient to data" : "gradient to weights";
        }
        return new StepPart(
                List.of(group, kind(shape, imageChannels), LayerShape.text(shape)),
                2.0 * passes * shape.multiplyAdds());
    }

    /** Returns true if a convolution is a matrix product: {@link ConvolutionShape#matrix}. */
    private static boolean isMatrix(ConvolutionShape shape) {
        return shape.equals(ConvolutionShape.matrix(shape.width(), shape.inChannels(), shape.outChannels()));
    }

    private static String kind(ConvolutionShape shape, int imageChannels) {
        if (shape.inChannels() == imageChannels) {
            return "stem";
        }
        String window = shape.kernelHeight() + "x" + shape.kernelWidth();
        return shape.kernelHeight() == 1 && shape.kernelWidth() == 1 ? window : window + " stride " + shape.stride();
    }

    /** Returns a method name as words: {@code averageForward} becomes "average forward". */
    private static String words(String method) {
        return method.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
