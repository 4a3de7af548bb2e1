package org.resnet4j.kernel.converted;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.kernel.NormalizationKernel;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/** Normalization of feature maps in bfloat16, computed on floats. */
final class ConvertedNormalization implements NormalizationKernel {
    private static final Scratch.Floats X = new Scratch.Floats();
    private static final Scratch.Floats Y = new Scratch.Floats();
    private static final Scratch.Floats ADDEND = new Scratch.Floats();

    private final NormalizationKernel floats;
    private final Conversion conversion;

    ConvertedNormalization(NormalizationKernel floats, Conversion conversion) {
        this.floats = floats;
        this.conversion = conversion;
    }

    @Override
    public void statistics(int pixels, int channels, float[] x, float[] mean, float[] variance, Workers workers) {
        float[] numbers = conversion.floats(X, x, 0, pixels * channels, workers);
        floats.statistics(pixels, channels, numbers, mean, variance, workers);
    }

    @Override
    public void apply(
            int pixels,
            int channels,
            float[] x,
            float[] affine,
            float @Nullable [] residual,
            Activation activation,
            float[] y,
            Workers workers) {
        int size = pixels * channels;
        float[] numbers = conversion.floats(X, x, 0, size, workers);
        float[] addends = residual == null ? null : conversion.floats(ADDEND, residual, 0, size, workers);
        floats.apply(pixels, channels, numbers, affine, addends, activation, numbers, workers);
        conversion.round(numbers, y, 0, size, workers);
    }

    /** The arrays of floats are the gradient's own, because it is computed when others may have begun. */
    @Override
    public LateGradient beginBackward(Forward forward, Backward backward, Workers workers) {
        int channels = forward.channels();
        int size = forward.pixels() * channels;
        float[] y = forward.y();
        float[] x = Arrays.copyOf(conversion.floats(X, forward.x(), 0, size, workers), size);
        float[] dy = Arrays.copyOf(conversion.floats(Y, backward.dy(), 0, size, workers), size);
        float[] dx = new float[size];
        LateGradient late = floats.beginBackward(
                new Forward(
                        forward.pixels(),
                        channels,
                        x,
                        forward.mean(),
                        forward.inverseDeviation(),
                        forward.affine(),
                        y == null ? null : conversion.floats(ADDEND, y, 0, size, workers),
                        forward.activation()),
                new Backward(dy, dx, backward.dGamma(), backward.dBeta(), backward.means()),
                workers);
        if (y != null) {
            conversion.round(dy, backward.dy(), 0, size, workers);
        }
        return (fromPixel, toPixel, fromChannel, toChannel) -> {
            late.compute(fromPixel, toPixel, fromChannel, toChannel);
            for (int pixel = fromPixel; pixel < toPixel; pixel++) {
                int at = pixel * channels + fromChannel;
                conversion.kernel().ofFloats(dx, at, backward.dx(), at, toChannel - fromChannel);
            }
        };
    }
}
