package org.resnet4j.benchmarks;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.NormalizationKernel;

/**
 * The memory traffic of the kernels that are limited by it, by definition: the feature maps that a call must read and
 * write, each once. Vectors of one number for each channel are not counted.
 */
final class Traffic {
    /** The name of the second pass of a normalization's backward, which no method of the kernel has. */
    static final String INPUT_GRADIENT = "inputGradient";

    private Traffic() {}

    /**
     * Returns the numbers that a call reads and writes.
     *
     * @param method a method of normalization, elementwise operations or pooling; of any other kernel, 0 is returned
     * @param arguments its arguments
     */
    static long numbers(String method, @Nullable Object... arguments) {
        return switch (method) {
            case "statistics" -> product(arguments, 2);
            case "apply" -> product(arguments, 2) * (arguments[4] == null ? 2 : 3);
            case "beginBackward" -> {
                var forward = (NormalizationKernel.Forward) requireNonNull(arguments[0]);
                // with y, it also reads y and writes dy
                yield (long) forward.pixels() * forward.channels() * (forward.y() == null ? 2 : 4);
            }
            case INPUT_GRADIENT -> 3 * product(arguments, 2);
            case "relu" -> 2 * product(arguments, 1);
            case "reluBackward", "add", "multiply" -> 3 * product(arguments, 1);
            case "averageForward", "averageBackward" -> product(arguments, 3);
            case "maxForward", "cellsForward", "cellsBackward" -> input(arguments) + output(arguments);
            case "maxBackward" -> 2 * (input(arguments) + output(arguments));
            case "subsample" -> sampled(arguments) + output(arguments);
            case "subsampleBackward" -> sampled(arguments) + input(arguments);
            default -> 0;
        };
    }

    /** Returns the product of the first arguments. */
    private static long product(@Nullable Object[] arguments, int count) {
        long product = 1;
        for (int i = 0; i < count; i++) {
            product *= (Integer) requireNonNull(arguments[i]);
        }
        return product;
    }

    private static ConvolutionShape shape(@Nullable Object[] arguments) {
        return (ConvolutionShape) requireNonNull(arguments[0]);
    }

    private static long input(@Nullable Object[] arguments) {
        ConvolutionShape s = shape(arguments);
        return (long) s.batch() * s.height() * s.width() * s.inChannels();
    }

    private static long output(@Nullable Object[] arguments) {
        ConvolutionShape s = shape(arguments);
        return (long) s.batch() * s.outHeight() * s.outWidth() * s.outChannels();
    }

    /** Returns the numbers of the input at the pixels that a subsampling keeps. */
    private static long sampled(@Nullable Object[] arguments) {
        ConvolutionShape s = shape(arguments);
        return (long) s.batch() * s.outHeight() * s.outWidth() * s.inChannels();
    }
}
