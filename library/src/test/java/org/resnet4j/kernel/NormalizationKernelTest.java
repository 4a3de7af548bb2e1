package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.resnet4j.kernel.Closeness.assertClose;
import static org.resnet4j.kernel.Closeness.assertSameBits;
import static org.resnet4j.kernel.DoubleReference.widen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Workers;

class NormalizationKernelTest {
    private static final Workers WORKERS = new Workers(2);
    private static final int LANES = VectorTiles.LANES;
    private static final double TOLERANCE = 1e-5;

    /** The beta of all channels. */
    private static final float SHIFT = 0.1f;

    private final RandomArrays random = new RandomArrays(3);
    private final NormalizationKernel scalar = KernelLookup.scalar().normalization();
    private final NormalizationKernel vector = KernelLookup.vector().normalization();

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    private record Size(int pixels, int channels) {
        int floats() {
            return pixels * channels;
        }
    }

    /** Returns odd numbers of channels, with few and many pixels; the largest are divided into several chunks. */
    private static List<Size> sizes() {
        var sizes = new ArrayList<Size>();
        for (int channels :
                List.of(1, 2, 3, 7, LANES - 1, LANES, LANES + 1, 2 * LANES, 2 * LANES + 3, 4 * LANES + 1, 67)) {
            for (int pixels : List.of(2, 3, 5, 64, 257)) {
                sizes.add(new Size(pixels, channels));
            }
        }
        sizes.add(new Size(40_000, 2));
        sizes.add(new Size(3_001, 17));
        sizes.add(new Size(2_000, 64));
        sizes.add(new Size(5, 20_000));
        return sizes;
    }

    @Test
    void statisticsAreMeanAndBiasedVariance() {
        for (Size size : sizes()) {
            float[] x = random.normal(size.floats(), 0.5, 2);
            assertStatistics(scalar, size, x, 1e-6);
            assertStatistics(vector, size, x, TOLERANCE);
        }
    }

    private static void assertStatistics(NormalizationKernel kernel, Size size, float[] x, double tolerance) {
        float[] mean = RandomArrays.garbage(size.channels());
        float[] variance = RandomArrays.garbage(size.channels());
        kernel.statistics(size.pixels(), size.channels(), x, mean, variance, WORKERS);
        String what = size + " of " + kernel;
        double[] wide = widen(x, size.floats());
        double[] expected = DoubleReference.mean(size.channels(), wide);
        for (int c = 0; c < expected.length; c++) {
            // A mean may be close to zero by chance; its rounding error is that of the values.
            assertEquals(expected[c], mean[c], 1e-5, "mean of channel " + c + ", " + what);
        }
        assertClose(DoubleReference.variance(size.channels(), wide), variance, tolerance, "variance, " + what);
    }

    @Test
    void statisticsReadNothingBeyondTheLastPixel() {
        float[] x = Arrays.copyOf(random.normal(30 * LANES, 0, 1), 40 * LANES);
        Arrays.fill(x, 30 * LANES, x.length, Float.NaN);
        assertStatistics(vector, new Size(30, LANES), x, TOLERANCE);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1", "-1000, 1", "1000, 0.1", "30000, 3"})
    void varianceSurvivesAMeanFarFromZero(double mean, double deviation) {
        for (Size size : List.of(new Size(5_000, 16), new Size(20_000, 3), new Size(1_500, 65))) {
            float[] x = random.normal(size.floats(), mean, deviation);
            double[] expected = DoubleReference.variance(size.channels(), widen(x));
            assertVariance(scalar, size, x, expected, 1e-4);
            assertVariance(vector, size, x, expected, 1e-3);
        }
    }

    /** A border or a dead pixel is first and a hundred deviations from all others. */
    @Test
    void varianceSurvivesAFirstValueFarFromTheOthers() {
        var size = new Size(20_000, 17);
        float[] x = random.normal(size.floats(), 100, 1);
        Arrays.fill(x, 0, size.channels(), 0f);
        double[] expected = DoubleReference.variance(size.channels(), widen(x));
        assertVariance(scalar, size, x, expected, 1e-4);
        assertVariance(vector, size, x, expected, 1e-2);
    }

    private static void assertVariance(
            NormalizationKernel kernel, Size size, float[] x, double[] expected, double tolerance) {
        float[] variance = new float[size.channels()];
        kernel.statistics(size.pixels(), size.channels(), x, new float[size.channels()], variance, WORKERS);
        for (int c = 0; c < size.channels(); c++) {
            assertEquals(
                    expected[c], variance[c], tolerance * expected[c], "channel " + c + " of " + size + ", " + kernel);
        }
    }

    @Test
    void aConstantChannelHasVarianceZero() {
        var size = new Size(1_000, LANES + 1);
        float[] x = new float[size.floats()];
        Arrays.fill(x, 0.1f);
        for (NormalizationKernel kernel : List.of(scalar, vector)) {
            float[] variance = new float[size.channels()];
            kernel.statistics(size.pixels(), size.channels(), x, new float[size.channels()], variance, WORKERS);
            for (float value : variance) {
                assertEquals(0f, value, 1e-12f);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void applyScalesShiftsAddsAndCuts(boolean relu) {
        for (Size size : sizes()) {
            float[] x = random.normal(size.floats(), 0, 1);
            float[] scale = random.normal(size.channels(), 0, 1);
            float[] shift = random.normal(size.channels(), 0, 1);
            float[] residual = random.normal(size.floats(), 0, 1);
            for (float[] added : new float[][] {null, residual}) {
                float[] expected = new float[size.floats()];
                for (int i = 0; i < expected.length; i++) {
                    int c = i % size.channels();
                    double value = (double) x[i] * scale[c] + shift[c] + (added == null ? 0 : added[i]);
                    expected[i] = (float) (relu ? Math.max(0, value) : value);
                }
                for (NormalizationKernel kernel : List.of(scalar, vector)) {
                    float[] y = RandomArrays.garbage(size.floats());
                    kernel.apply(
                            size.pixels(),
                            size.channels(),
                            x,
                            affine(scale, shift),
                            added,
                            Activation.relu(relu),
                            y,
                            WORKERS);
                    assertClose(expected, y, y.length, 1e-6, size + " of " + kernel);
                    float[] inPlace = x.clone();
                    kernel.apply(
                            size.pixels(),
                            size.channels(),
                            inPlace,
                            affine(scale, shift),
                            added,
                            Activation.relu(relu),
                            inPlace,
                            WORKERS);
                    assertSameBits(y, inPlace, "in place, " + size);
                }
            }
        }
    }

    private static float[] affine(float[] scale, float[] shift) {
        float[] affine = Arrays.copyOf(scale, 2 * scale.length);
        System.arraycopy(shift, 0, affine, scale.length, shift.length);
        return affine;
    }

    /** The four variants of a backward pass, and its results. */
    private record Backward(
            Size size, boolean relu, float[] dx, float @Nullable [] dResidual, float[] dGamma, float[] dBeta) {
        static Backward run(
                NormalizationKernel kernel,
                Size size,
                boolean relu,
                boolean residual,
                float[] x,
                float[] gamma,
                float[] y,
                float[] dy,
                Workers workers) {
            float[] mean = new float[size.channels()];
            float[] inverse = new float[size.channels()];
            KernelLookup.scalar().normalization().statistics(size.pixels(), size.channels(), x, mean, inverse, workers);
            for (int c = 0; c < inverse.length; c++) {
                inverse[c] = (float) (1 / Math.sqrt(inverse[c] + 1e-5));
            }
            float[] scale = new float[size.channels()];
            float[] shift = new float[size.channels()];
            for (int c = 0; c < scale.length; c++) {
                scale[c] = gamma[c] * inverse[c];
                shift[c] = SHIFT - mean[c] * scale[c];
            }
            var result = new Backward(
                    size,
                    relu,
                    RandomArrays.garbage(size.floats()),
                    residual ? dy.clone() : null,
                    new float[size.channels()],
                    new float[size.channels()]);
            Arrays.fill(result.dGamma, 1f);
            Arrays.fill(result.dBeta, 2f);
            float[] gradient = dy.clone();
            var forward = new NormalizationKernel.Forward(
                    size.pixels(),
                    size.channels(),
                    x,
                    mean,
                    inverse,
                    affine(scale, shift),
                    residual ? y : null,
                    Activation.relu(relu));
            var backward = new NormalizationKernel.Backward(
                    result.dResidual == null ? gradient : result.dResidual,
                    result.dx,
                    result.dGamma,
                    result.dBeta,
                    new float[2 * size.channels()]);
            kernel.beginBackward(forward, backward, workers).computeAll(size.pixels(), size.channels(), workers);
            assertSameBits(dy, gradient, "only the gradient to a sum is changed");
            return result;
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void vectorBackwardEqualsItsScalarTwin(boolean relu, boolean residual) {
        for (Size size : sizes()) {
            if (size.pixels() < 5) {
                // With two values per channel, the gradient is a difference of nearly equal numbers in both twins.
                continue;
            }
            float[] x = random.normal(size.floats(), 0.3, 1.5);
            float[] gamma = random.uniform(size.channels(), 0.5, 2);
            float[] y = relu ? random.normal(size.floats(), 0, 1) : RandomArrays.garbage(size.floats());
            float[] dy = random.mixed(size.floats());
            Backward expected = Backward.run(scalar, size, relu, residual, x, gamma, y, dy, WORKERS);
            Backward actual = Backward.run(vector, size, relu, residual, x, gamma, y, dy, WORKERS);
            assertClose(expected.dx, actual.dx, size.floats(), TOLERANCE, "dx of " + size);
            assertClose(expected.dGamma, actual.dGamma, size.channels(), TOLERANCE, "dGamma of " + size);
            assertClose(expected.dBeta, actual.dBeta, size.channels(), TOLERANCE, "dBeta of " + size);
            if (expected.dResidual != null && actual.dResidual != null) {
                assertSameBits(expected.dResidual, actual.dResidual, "dResidual of " + size);
            }
        }
    }

    @Test
    void scalarBackwardIsTheFormulaInDoublePrecision() {
        var size = new Size(50, 7);
        float[] x = random.normal(size.floats(), 0.3, 1.5);
        float[] gamma = random.uniform(size.channels(), 0.5, 2);
        float[] y = random.normal(size.floats(), 0, 1);
        float[] dy = random.mixed(size.floats());
        Backward actual = Backward.run(scalar, size, true, true, x, gamma, y, dy, WORKERS);
        int channels = size.channels();
        double[] through = new double[size.floats()];
        for (int i = 0; i < through.length; i++) {
            through[i] = y[i] > 0 ? dy[i] : 0;
        }
        double[] hat = DoubleReference.batchNorm(widen(x), ones(channels), new double[channels]);
        double[] products = new double[size.floats()];
        Arrays.setAll(products, i -> through[i] * hat[i]);
        double[] meanGradient = DoubleReference.mean(channels, through);
        double[] meanProduct = DoubleReference.mean(channels, products);
        double[] variance = DoubleReference.variance(channels, widen(x));
        double[] dx = new double[size.floats()];
        Arrays.setAll(dx, i -> {
            int c = i % channels;
            return gamma[c] / Math.sqrt(variance[c] + 1e-5) * (through[i] - meanGradient[c] - hat[i] * meanProduct[c]);
        });
        assertClose(dx, actual.dx, 2e-6, "dx");
        assertClose(through, actual.dResidual == null ? new float[0] : actual.dResidual, 0, "dResidual");
        double[] dGamma =
                Arrays.stream(meanProduct).map(mean -> 1 + mean * size.pixels()).toArray();
        double[] dBeta = Arrays.stream(meanGradient)
                .map(mean -> 2 + mean * size.pixels())
                .toArray();
        assertClose(dGamma, actual.dGamma, 2e-6, "dGamma is added");
        assertClose(dBeta, actual.dBeta, 2e-6, "dBeta is added");
    }

    private static double[] ones(int length) {
        double[] ones = new double[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void backwardMayWriteOverItsInputOrItsGradient() {
        for (Size size : List.of(new Size(257, LANES + 3), new Size(3_001, 17))) {
            float[] x = random.normal(size.floats(), 0.3, 1.5);
            float[] y = random.normal(size.floats(), 0, 1);
            float[] dy = random.mixed(size.floats());
            float[] ones = new float[size.channels()];
            Arrays.fill(ones, 1f);
            for (NormalizationKernel kernel : List.of(scalar, vector)) {
                float[] dx = new float[size.floats()];
                float[] over = x.clone();
                float[] mean = new float[size.channels()];
                backward(kernel, size, x, mean, ones, y, dy.clone(), dx);
                backward(kernel, size, over, mean, ones, y, dy.clone(), over);
                assertSameBits(dx, over, "over x, " + kernel + " " + size);
                float[] overGradient = dy.clone();
                backward(kernel, size, x, mean, ones, null, dy.clone(), dx);
                backward(kernel, size, x, mean, ones, null, overGradient, overGradient);
                assertSameBits(dx, overGradient, "over dy, " + kernel + " " + size);
            }
        }
    }

    private static void backward(
            NormalizationKernel kernel,
            Size size,
            float[] x,
            float[] mean,
            float[] ones,
            float @Nullable [] y,
            float[] dy,
            float[] dx) {
        int channels = size.channels();
        beginBackward(kernel, size, x, mean, ones, y, dy, dx).computeAll(size.pixels(), channels, WORKERS);
    }

    private static LateGradient beginBackward(
            NormalizationKernel kernel,
            Size size,
            float[] x,
            float[] mean,
            float[] ones,
            float @Nullable [] y,
            float[] dy,
            float[] dx) {
        int channels = size.channels();
        var forward = new NormalizationKernel.Forward(
                size.pixels(), channels, x, mean, ones, affine(ones, mean), y, Activation.RELU);
        var backward = new NormalizationKernel.Backward(
                dy, dx, new float[channels], new float[channels], new float[2 * channels]);
        return kernel.beginBackward(forward, backward, WORKERS);
    }

    /** A convolution computes the gradient as it reads it, in its own pieces of pixels and channels. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsComputedPieceByPieceHaveTheSameBits(boolean residual) {
        for (Size size : List.of(new Size(37, 3 * LANES), new Size(41, 2 * LANES + 5), new Size(23, 7))) {
            int channels = size.channels();
            float[] x = random.normal(size.floats(), 0.3, 2);
            float[] mean = random.normal(channels, 0.3, 0.1);
            float[] ones = random.uniform(channels, 0.5, 1);
            float[] y = residual ? random.normal(size.floats(), 0, 1) : null;
            float[] dy = random.normal(size.floats(), 0, 1);
            for (NormalizationKernel kernel : List.of(scalar, vector)) {
                float[] expected = RandomArrays.garbage(size.floats());
                backward(kernel, size, x, mean, ones, y, dy.clone(), expected);
                float[] dx = RandomArrays.garbage(size.floats());
                LateGradient late = beginBackward(kernel, size, x, mean, ones, y, dy.clone(), dx);
                for (int from = 0; from < size.pixels(); from += 5) {
                    for (int first = 0; first < channels; first += LANES) {
                        late.compute(from, Math.min(size.pixels(), from + 5), first, Math.min(channels, first + LANES));
                    }
                }
                assertSameBits(expected, dx, size + " of " + kernel);
            }
        }
    }

    @Test
    void resultsHaveTheSameBitsForEveryNumberOfThreads() {
        try (var one = new Workers(1);
                var three = new Workers(3);
                var five = new Workers(5)) {
            for (Size size : List.of(new Size(3_001, 17), new Size(2_000, 64), new Size(40_000, 2))) {
                float[] x = random.normal(size.floats(), 3, 2);
                float[] gamma = random.uniform(size.channels(), 0.5, 2);
                float[] y = random.normal(size.floats(), 0, 1);
                float[] dy = random.mixed(size.floats());
                float[] mean = new float[size.channels()];
                float[] variance = new float[size.channels()];
                vector.statistics(size.pixels(), size.channels(), x, mean, variance, one);
                Backward expected = Backward.run(vector, size, true, true, x, gamma, y, dy, one);
                for (Workers workers : List.of(WORKERS, three, five)) {
                    String what = size + " with " + workers.threads() + " threads";
                    float[] otherMean = new float[size.channels()];
                    float[] otherVariance = new float[size.channels()];
                    vector.statistics(size.pixels(), size.channels(), x, otherMean, otherVariance, workers);
                    assertSameBits(mean, otherMean, "mean of " + what);
                    assertSameBits(variance, otherVariance, "variance of " + what);
                    Backward other = Backward.run(vector, size, true, true, x, gamma, y, dy, workers);
                    assertSameBits(expected.dx, other.dx, "dx of " + what);
                    assertSameBits(expected.dGamma, other.dGamma, "dGamma of " + what);
                    assertSameBits(expected.dBeta, other.dBeta, "dBeta of " + what);
                }
            }
        }
    }
}
