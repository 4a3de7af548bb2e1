package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.resnet4j.kernel.Closeness.assertClose;
import static org.resnet4j.kernel.PairExamples.PAIRS;
import static org.resnet4j.kernel.PairExamples.PLAIN;
import static org.resnet4j.kernel.PairExamples.SAME_BITS;
import static org.resnet4j.kernel.PairExamples.assertSameNumbers;
import static org.resnet4j.kernel.PairExamples.assertSamePairs;
import static org.resnet4j.kernel.PairExamples.numbers;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.parallel.Workers;

/** Compares normalization of feature maps in bfloat16 with normalization of floats. */
class PairNormalizationTest {
    private static final Workers WORKERS = new Workers(2);
    private static final List<Integer> PIXELS = List.of(1, 3, 8, 29, 1500);

    /** The distance of two results that are rounded differently. */
    private static final double TOLERANCE = 1.0 / 128;

    private final PairExamples examples = new PairExamples(11);
    private final RandomArrays random = new RandomArrays(12);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    @FunctionalInterface
    private interface Sizes {
        void use(int pixels, int channels);
    }

    private static void forAll(Sizes sizes) {
        for (int channels : PairExamples.CHANNELS) {
            for (int pixels : PIXELS) {
                sizes.use(pixels, channels);
            }
        }
    }

    private float[] maps(boolean special, int size) {
        return special ? examples.special(size) : examples.normal(size);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void statistics(boolean special) {
        forAll((pixels, channels) -> {
            float[] x = maps(special, pixels * channels);
            float[][] expected = statistics(SAME_BITS, pixels, channels, x);
            float[][] actual = statistics(PAIRS, pixels, channels, x);
            String what = pixels + " x " + channels;
            assertSameNumbers(expected[0], actual[0], "mean, " + what);
            assertSameNumbers(expected[1], actual[1], "variance, " + what);
            if (!special) {
                float[][] plain = statistics(PLAIN, pixels, channels, x);
                assertClose(plain[0], actual[0], channels, 1e-4, "mean, " + what);
                assertClose(plain[1], actual[1], channels, 1e-4, "variance, " + what);
            }
        });
    }

    private static float[][] statistics(MapKernels kernels, int pixels, int channels, float[] x) {
        float[] mean = new float[channels];
        float[] variance = new float[channels];
        kernels.normalization().statistics(pixels, channels, x, mean, variance, WORKERS);
        return new float[][] {mean, variance};
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void apply(boolean special) {
        forAll((pixels, channels) -> {
            float[] x = maps(special, pixels * channels);
            float[] residual = maps(special, pixels * channels);
            float[] affine = random.normal(2 * channels, 0, 1);
            // Its results are denormal.
            affine[0] = Float.MIN_NORMAL;
            affine[channels] = 0;
            for (boolean relu : List.of(false, true)) {
                for (float[] added : new float[][] {null, residual}) {
                    var activation = Activation.relu(relu);
                    float[] expected = new float[x.length];
                    float[] plain = new float[x.length];
                    float[] actual = x.clone();
                    SAME_BITS.normalization().apply(pixels, channels, x, affine, added, activation, expected, WORKERS);
                    PLAIN.normalization().apply(pixels, channels, x, affine, added, activation, plain, WORKERS);
                    PAIRS.normalization().apply(pixels, channels, actual, affine, added, activation, actual, WORKERS);
                    String what = pixels + " x " + channels + ", " + activation + ", added: " + (added != null);
                    assertSamePairs(expected, actual, what);
                    if (FusedMultiplyAdd.IS_INSTRUCTION) {
                        // without, the plain loops still round once
                        assertSamePairs(plain, actual, what);
                    }
                }
            }
        });
    }

    /** The results of a backward pass; {@code dy} is changed if there is a residual. */
    private record Gradients(float[] dy, float[] dx, float[] dGamma, float[] dBeta) {
        static Gradients of(MapKernels kernels, NormalizationKernel.Forward forward, float[] dy) {
            int channels = forward.channels();
            var gradients = new Gradients(dy.clone(), new float[dy.length], new float[channels], new float[channels]);
            var backward = new NormalizationKernel.Backward(
                    gradients.dy, gradients.dx, gradients.dGamma, gradients.dBeta, new float[2 * channels]);
            LateGradient late = kernels.normalization().beginBackward(forward, backward, WORKERS);
            // The ranges of channels begin and end in the middle of a vector.
            int middle = channels / 4 * 2;
            int pixels = forward.pixels();
            late.compute(0, pixels / 3, 0, channels);
            late.compute(pixels / 3, pixels, 0, middle);
            late.compute(pixels / 3, pixels, middle, channels);
            return gradients;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void backward(boolean special) {
        forAll((pixels, channels) -> {
            float[] x = maps(special, pixels * channels);
            float[] y = maps(special, pixels * channels);
            float[] dy = maps(special, pixels * channels);
            for (boolean relu : List.of(false, true)) {
                for (float[] result : new float[][] {null, y}) {
                    compare(forward(pixels, channels, x, result, Activation.relu(relu)), dy, special);
                }
            }
        });
    }

    private NormalizationKernel.Forward forward(
            int pixels, int channels, float[] x, float @Nullable [] y, Activation activation) {
        float[] affine = random.normal(2 * channels, 0, 1);
        float[] mean = random.normal(channels, 0.2, 0.1);
        float[] inverseDeviation = random.uniform(channels, 0.5, 2);
        return new NormalizationKernel.Forward(pixels, channels, x, mean, inverseDeviation, affine, y, activation);
    }

    private static void compare(NormalizationKernel.Forward forward, float[] dy, boolean special) {
        var expected = Gradients.of(SAME_BITS, forward, dy);
        var actual = Gradients.of(PAIRS, forward, dy);
        String what = forward.pixels() + " x " + forward.channels() + ", " + forward.activation() + ", y: "
                + (forward.y() != null);
        assertSamePairs(expected.dy, actual.dy, "dy, " + what);
        assertSamePairs(expected.dx, actual.dx, "dx, " + what);
        assertSameNumbers(expected.dGamma, actual.dGamma, "dGamma, " + what);
        assertSameNumbers(expected.dBeta, actual.dBeta, "dBeta, " + what);
        if (!special) {
            var plain = Gradients.of(PLAIN, forward, dy);
            assertSamePairs(plain.dy, actual.dy, "dy, " + what);
            float[] dx = numbers(plain.dx);
            assertClose(dx, numbers(actual.dx), dx.length, TOLERANCE, "dx, " + what);
            assertClose(plain.dGamma, actual.dGamma, forward.channels(), 1e-4, "dGamma, " + what);
            assertClose(plain.dBeta, actual.dBeta, forward.channels(), 1e-4, "dBeta, " + what);
        }
    }

    @Test
    void aLateGradientOfSomePixelsAndChannelsLeavesTheOthers() {
        int channels = 66;
        float[] x = examples.normal(9 * channels);
        float[] dx = PairExamples.pairs(RandomArrays.garbage(9 * channels));
        var backward = new NormalizationKernel.Backward(
                x.clone(), dx, new float[channels], new float[channels], new float[2 * channels]);
        PAIRS.normalization()
                .beginBackward(forward(9, channels, x, null, Activation.NONE), backward, WORKERS)
                .compute(2, 5, 10, 44);
        for (int i = 0; i < 9 * channels; i++) {
            int pixel = i / channels;
            int channel = i % channels;
            boolean computed = pixel >= 2 && pixel < 5 && channel >= 10 && channel < 44;
            assertEquals(computed, !Float.isNaN(BFloat16Pairs.get(dx, i)), "channel " + channel + " of pixel " + pixel);
        }
    }
}
