package org.resnet4j.resnet;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.DoubleReference;
import org.resnet4j.tensor.Shape;

/**
 * {@code relu(F(x) + S(x))} by its definition in double precision.
 *
 * @param input the shape of x
 * @param block which branch
 * @param width channels of the 3x3 convolutions
 * @param stride of the block
 * @param placement which convolution of a bottleneck has the stride
 * @param shortcut S
 */
record BlockReference(
        Shape input, BlockKind block, int width, int stride, StridePlacement placement, Shortcut shortcut) {
    /** An image on its way through the block. */
    private record Image(Shape shape, double[] values) {}

    /** @param parameters by their names within the block: {@code conv1.weight} */
    double[] apply(double[] x, Map<String, double[]> parameters) {
        var start = new Image(input, x);
        Image branch = block == BlockKind.BASIC ? basic(start, parameters) : bottleneck(start, parameters);
        double[] added = shortcut(start, branch.shape, parameters);
        return DoubleReference.relu(added == null ? branch.values : DoubleReference.add(branch.values, added));
    }

    private Image basic(Image x, Map<String, double[]> parameters) {
        Image first = relu(convolutionAndNorm(x, "conv1", "bn1", width, 3, stride, parameters));
        return convolutionAndNorm(first, "conv2", "bn2", width, 3, 1, parameters);
    }

    private Image bottleneck(Image x, Map<String, double[]> parameters) {
        int first = placement == StridePlacement.FIRST_1X1 ? stride : 1;
        int second = placement == StridePlacement.FIRST_1X1 ? 1 : stride;
        Image reduced = relu(convolutionAndNorm(x, "conv1", "bn1", width, 1, first, parameters));
        Image middle = relu(convolutionAndNorm(reduced, "conv2", "bn2", width, 3, second, parameters));
        return convolutionAndNorm(middle, "conv3", "bn3", 4 * width, 1, 1, parameters);
    }

    private double @Nullable [] shortcut(Image x, Shape sum, Map<String, double[]> parameters) {
        int channels = sum.extent(3);
        return switch (shortcut) {
            case NoShortcut() -> null;
            case IdentityShortcut() -> x.values;
            case PaddingShortcut padding ->
                DoubleReference.subsample(geometry(x.shape, channels, 1, padding.stride()), x.values);
            case ProjectionShortcut projection ->
                convolutionAndNorm(x, "downsample.0", "downsample.1", channels, 1, stride, parameters).values;
        };
    }

    private static ConvolutionShape geometry(Shape input, int outChannels, int kernel, int stride) {
        return new ConvolutionShape(
                input.extent(0),
                input.extent(1),
                input.extent(2),
                input.extent(3),
                outChannels,
                kernel,
                kernel,
                stride,
                kernel / 2,
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
        double[] normal =
                DoubleReference.batchNorm(y, parameters.get(norm + ".weight"), parameters.get(norm + ".bias"));
        Shape shape = Shape.of(geometry.batch(), geometry.outHeight(), geometry.outWidth(), outChannels);
        return new Image(shape, normal);
    }

    private static Image relu(Image x) {
        return new Image(x.shape, DoubleReference.relu(x.values));
    }
}
