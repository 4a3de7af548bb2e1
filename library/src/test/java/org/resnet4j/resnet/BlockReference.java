package org.resnet4j.resnet;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.DoubleReference;
import org.resnet4j.kernel.Window;
import org.resnet4j.layer.StepRandom;
import org.resnet4j.tensor.Shape;

/**
 * The reference implementation of a residual block in double precision, {@code relu(F(x) + S(x))}, with the given order
 * of normalization and ReLU and the given weights of the sum.
 *
 * @param input the shape of x
 * @param block the kind of branch
 * @param width the channels of the 3x3 convolutions
 * @param stride the stride of the block
 * @param placement the convolution of a bottleneck that has the stride
 * @param shortcut S
 * @param option the weights of the sum
 * @param order the order of normalization and ReLU
 * @param squeeze the hidden values of squeeze-and-excitation; 0 for none
 * @param first true for the first block of its network
 */
record BlockReference(
        Shape input,
        BlockKind block,
        int width,
        int stride,
        StridePlacement placement,
        Shortcut shortcut,
        ShortcutOption option,
        ActivationOrder order,
        int squeeze,
        boolean first) {
    /** An image in the block. */
    private record Image(Shape shape, double[] values) {}

    /**
     * @param parameters the parameters by their names within the block: {@code conv1.weight}
     */
    double[] apply(double[] x, Map<String, double[]> parameters) {
        var start = new Image(input, x);
        if (order == ActivationOrder.PRE) {
            return preActivation(start, parameters);
        }
        Image p = order == ActivationOrder.RELU_ONLY_PRE ? relu(start) : start;
        Image branch = block == BlockKind.BASIC ? basic(p, parameters) : bottleneck(p, parameters);
        if (squeeze > 0) {
            branch = new Image(branch.shape, weighed(branch, parameters));
        }
        boolean sameShape = shortcut instanceof IdentityShortcut;
        Image sum = sum(branch, sameShape ? start : p, parameters);
        return switch (order) {
            case POST, WITHOUT_NORM -> DoubleReference.relu(sum.values);
            case NORM_AFTER_ADDITION -> norm(sum, block == BlockKind.BASIC ? "bn2" : "bn3", parameters).values;
            case RELU_BEFORE_ADDITION, RELU_ONLY_PRE, PRE -> sum.values;
        };
    }

    private Image sum(Image branch, Image x, Map<String, double[]> parameters) {
        double[] added = shortcut(x, branch.shape, parameters);
        if (added == null) {
            return branch;
        }
        double[] f = branch.values.clone();
        double[] s = added.clone();
        ShortcutOption weights = shortcut instanceof IdentityShortcut ? option : ShortcutOption.B;
        switch (weights) {
            case A, B, C, D, NONE -> {}
            case SCALED -> {
                for (int i = 0; i < f.length; i++) {
                    f[i] *= 0.5;
                    s[i] *= 0.5;
                }
            }
            case EXCLUSIVE_GATE, SHORTCUT_GATE -> {
                double[] z = DoubleReference.linear(s, parameters.get("gate.weight"), parameters.get("gate.bias"));
                for (int i = 0; i < f.length; i++) {
                    double gate = 1 / (1 + Math.exp(-z[i]));
                    f[i] *= option == ShortcutOption.EXCLUSIVE_GATE ? gate : 1;
                    s[i] *= 1 - gate;
                }
            }
            case DROPOUT -> {
                int images = branch.shape.extent(0);
                for (int image = 0; image < images; image++) {
                    drop(s, image, s.length / images);
                }
            }
        }
        return new Image(branch.shape, DoubleReference.add(f, s));
    }

    /** Applies the dropout of a step with seed 0. */
    private void drop(double[] s, int image, int size) {
        var random = StepRandom.seeded(0).at(first ? 0 : 1, image);
        long bits = 0;
        for (int i = 0; i < size; i++) {
            bits = i % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
            s[image * size + i] *= (bits & 1) == 1 ? 2 : 0;
        }
    }

    private double[] preActivation(Image x, Map<String, double[]> parameters) {
        Image p = norm(x, "norm1", parameters);
        boolean shared = first || !(shortcut instanceof IdentityShortcut || shortcut instanceof NoShortcut);
        boolean bottleneck = block == BlockKind.BOTTLENECK;
        int early = bottleneck && placement == StridePlacement.ON_3X3 ? 1 : stride;
        Image f = convolution(p, "conv1", width, bottleneck ? 1 : 3, early, parameters);
        f = convolution(norm(f, "norm2", parameters), "conv2", width, 3, bottleneck ? stride / early : 1, parameters);
        if (bottleneck) {
            f = convolution(norm(f, "norm3", parameters), "conv3", 4 * width, 1, 1, parameters);
        }
        return sum(f, shared ? p : x, parameters).values;
    }

    private static Image norm(Image x, String name, Map<String, double[]> parameters) {
        return relu(new Image(
                x.shape,
                DoubleReference.batchNorm(x.values, parameters.get(name + ".weight"), parameters.get(name + ".bias"))));
    }

    private static Image convolution(
            Image x, String name, int outChannels, int kernel, int stride, Map<String, double[]> parameters) {
        ConvolutionShape geometry = geometry(x.shape, outChannels, kernel, stride);
        double[] y = DoubleReference.convolution(geometry, x.values, parameters.get(name + ".weight"));
        return new Image(Shape.of(geometry.batch(), geometry.outHeight(), geometry.outWidth(), outChannels), y);
    }

    private double[] weighed(Image x, Map<String, double[]> parameters) {
        int images = x.shape.extent(0);
        int channels = x.shape.extent(3);
        int pixels = x.shape.extent(1) * x.shape.extent(2);
        double[] means = DoubleReference.averagePool(images, pixels, channels, x.values);
        double[] between = DoubleReference.relu(
                DoubleReference.linear(means, parameters.get("se.fc1.weight"), parameters.get("se.fc1.bias")));
        double[] gates =
                DoubleReference.linear(between, parameters.get("se.fc2.weight"), parameters.get("se.fc2.bias"));
        double[] y = x.values.clone();
        for (int i = 0; i < y.length; i++) {
            int image = i / (pixels * channels);
            y[i] /= 1 + Math.exp(-gates[image * channels + i % channels]);
        }
        return y;
    }

    private Image basic(Image x, Map<String, double[]> parameters) {
        Image first = relu(convolutionAndNorm(x, "conv1", "bn1", width, 3, stride, parameters));
        return last(first, "conv2", "bn2", width, 3, parameters);
    }

    private Image bottleneck(Image x, Map<String, double[]> parameters) {
        int first = placement == StridePlacement.FIRST_1X1 ? stride : 1;
        int second = placement == StridePlacement.FIRST_1X1 ? 1 : stride;
        Image reduced = relu(convolutionAndNorm(x, "conv1", "bn1", width, 1, first, parameters));
        Image middle = relu(convolutionAndNorm(reduced, "conv2", "bn2", width, 3, second, parameters));
        return last(middle, "conv3", "bn3", 4 * width, 1, parameters);
    }

    /** Computes the last convolution of a branch and the layers between it and the sum. */
    private Image last(
            Image x, String convolution, String norm, int channels, int kernel, Map<String, double[]> parameters) {
        return switch (order) {
            case NORM_AFTER_ADDITION, PRE -> convolution(x, convolution, channels, kernel, 1, parameters);
            case POST, RELU_ONLY_PRE, WITHOUT_NORM ->
                convolutionAndNorm(x, convolution, norm, channels, kernel, 1, parameters);
            case RELU_BEFORE_ADDITION ->
                relu(convolutionAndNorm(x, convolution, norm, channels, kernel, 1, parameters));
        };
    }

    private double @Nullable [] shortcut(Image x, Shape sum, Map<String, double[]> parameters) {
        int channels = sum.extent(3);
        return switch (shortcut) {
            case NoShortcut() -> null;
            case IdentityShortcut() -> x.values;
            case PaddingShortcut padding ->
                DoubleReference.subsample(geometry(x.shape, channels, 1, padding.stride()), x.values);
            case ProjectionShortcut projection -> {
                if (order == ActivationOrder.PRE || order == ActivationOrder.NORM_AFTER_ADDITION) {
                    yield convolution(x, "downsample", channels, 1, stride, parameters).values;
                }
                if (projection.pool().isEmpty()) {
                    yield convolutionAndNorm(x, "downsample.0", "downsample.1", channels, 1, stride, parameters).values;
                }
                ConvolutionShape cells = geometry(x.shape, x.shape.extent(3), 1, stride);
                var pooled = new Image(
                        Shape.of(cells.batch(), cells.outHeight(), cells.outWidth(), cells.outChannels()),
                        DoubleReference.cells(cells, x.values));
                yield convolutionAndNorm(pooled, "downsample.1", "downsample.2", channels, 1, 1, parameters).values;
            }
        };
    }

    private static ConvolutionShape geometry(Shape input, int outChannels, int kernel, int stride) {
        return new ConvolutionShape(
                input.extent(0),
                input.extent(1),
                input.extent(2),
                input.extent(3),
                outChannels,
                new Window(kernel, kernel, stride, kernel / 2),
                1);
    }

    private static Image convolutionAndNorm(
            Image x,
            String convolution,
            String norm,
            int outChannels,
            int kernel,
            int stride,
            Map<String, double[]> parameters) {
        ConvolutionShape geometry = geometry(x.shape, outChannels, kernel, stride);
        double[] y = DoubleReference.convolution(geometry, x.values, parameters.get(convolution + ".weight"));
        Shape shape = Shape.of(geometry.batch(), geometry.outHeight(), geometry.outWidth(), outChannels);
        double[] bias = parameters.get(convolution + ".bias");
        if (bias != null) { // a network without normalization
            for (int i = 0; i < y.length; i++) {
                y[i] += bias[i % outChannels];
            }
            return new Image(shape, y);
        }
        double[] normal =
                DoubleReference.batchNorm(y, parameters.get(norm + ".weight"), parameters.get(norm + ".bias"));
        return new Image(shape, normal);
    }

    private static Image relu(Image x) {
        return new Image(x.shape, DoubleReference.relu(x.values));
    }
}
