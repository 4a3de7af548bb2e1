package org.resnet4j.kernel.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.resnet4j.kernel.Closeness.assertClose;
import static org.resnet4j.kernel.Closeness.assertSameBits;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.ConvolutionKernel;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.ConvolutionShapes;
import org.resnet4j.kernel.FusedMultiplyAdd;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.Tilings;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.kernel.plain.ScalarConvolution;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Workers;

/** Compares the vector convolutions with their scalar twin, with the tiles for 32 and for 16 vector registers. */
class VectorConvolutionTest {
    private static final Workers WORKERS = new Workers(2);
    private static final double TOLERANCE = 1e-5;

    /** The number of elements beyond the end of the arrays. */
    private static final int SPARE = 5;

    private final RandomArrays random = new RandomArrays(2);
    private final ConvolutionKernel scalar = new ScalarConvolution();

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    private static ConvolutionKernel vector(Tiling tiling) {
        return Tilings.kernels(tiling).convolution();
    }

    /** Compares the kernels of each tiling with a result of the scalar twin, which takes the most time and is shared. */
    private static void forEachTiling(ConvolutionShape shape, BiConsumer<ConvolutionKernel, String> comparison) {
        for (Named<Tiling> tiling : Tilings.ALL) {
            comparison.accept(vector(tiling.getPayload()), tiling.getName() + ", " + shape);
        }
    }

    private static List<ConvolutionShape> all() {
        var shapes = new ArrayList<>(ConvolutionShapes.small());
        shapes.addAll(ConvolutionShapes.large());
        shapes.addAll(ConvolutionShapes.filtered());
        return shapes;
    }

    /** The algorithms that the other tests and training use. */
    @Test
    void threeByThreeOfStrideOneIsFilteredInAllPassesAndTheRestIsDirect() {
        List<String> filtered = FusedMultiplyAdd.IS_INSTRUCTION
                ? List.of("winograd 4x4", "winograd 4x4", "winograd 4x4")
                : List.of("winograd 2x2", "winograd 2x2", "direct");
        for (int channels : new int[] {16, 32, 64}) {
            var shape = new ConvolutionShape(
                    128, 512 / channels, 512 / channels, channels, channels, new Window(3, 3, 1, 1), 1);
            assertEquals(filtered, VectorConvolution.algorithms(shape), shape.toString());
        }
        for (int channels : new int[] {64, 128, 256, 512}) {
            int size = 56 * 64 / channels;
            var shape = new ConvolutionShape(16, size, size, channels, channels, new Window(3, 3, 1, 1), 1);
            assertEquals(filtered, VectorConvolution.algorithms(shape), shape.toString());
        }
        assertEquals(
                List.of("direct", "direct", "direct"),
                VectorConvolution.algorithms(new ConvolutionShape(16, 56, 56, 64, 256, new Window(1, 1, 1, 0), 1)));
        assertEquals(
                List.of("winograd 2x2", "direct", "direct"),
                VectorConvolution.algorithms(new ConvolutionShape(16, 56, 56, 64, 128, new Window(3, 3, 2, 1), 1)));
        assertEquals(
                List.of("direct", "direct", "direct"),
                VectorConvolution.algorithms(new ConvolutionShape(16, 224, 224, 3, 64, new Window(7, 7, 2, 3), 1)));
    }

    @Test
    void forwardEqualsItsScalarTwin() {
        for (ConvolutionShape shape : all()) {
            float[] x = random.mixed(shape.inputSize());
            float[] w = random.mixed(shape.weightSize());
            float[] expected = new float[shape.outputSize()];
            scalar.forward(shape, x, w, expected, WORKERS);
            forEachTiling(shape, (kernel, what) -> {
                float[] y = RandomArrays.garbage(shape.outputSize());
                kernel.forward(shape, x, w, y, WORKERS);
                assertClose(expected, y, y.length, TOLERANCE, what);
            });
        }
    }

    @Test
    void gradientToTheDataEqualsItsScalarTwin() {
        for (ConvolutionShape shape : all()) {
            float[] dy = random.mixed(shape.outputSize());
            float[] w = random.mixed(shape.weightSize());
            float[] expected = new float[shape.inputSize()];
            scalar.backwardData(shape, dy, w, expected, Accumulation.OVERWRITE, WORKERS);
            float[] before = random.mixed(shape.inputSize());
            float[] expectedSum = sum(before, expected);
            forEachTiling(shape, (kernel, what) -> {
                float[] dx = RandomArrays.garbage(shape.inputSize());
                kernel.backwardData(shape, dy, w, dx, Accumulation.OVERWRITE, WORKERS);
                assertClose(expected, dx, dx.length, TOLERANCE, what);
                float[] sum = before.clone();
                kernel.backwardData(shape, dy, w, sum, Accumulation.ADD, WORKERS);
                assertClose(expectedSum, sum, sum.length, TOLERANCE, "added, " + what);
            });
        }
    }

    private static float[] sum(float[] a, float[] b) {
        float[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    @Test
    void gradientToTheWeightsEqualsItsScalarTwinAndIsAdded() {
        for (ConvolutionShape shape : all()) {
            float[] x = random.mixed(shape.inputSize());
            float[] dy = random.mixed(shape.outputSize());
            float[] before = random.mixed(shape.weightSize());
            float[] expected = before.clone();
            scalar.backwardWeights(shape, x, dy, expected, WORKERS);
            forEachTiling(shape, (kernel, what) -> {
                float[] dw = before.clone();
                kernel.backwardWeights(shape, x, dy, dw, WORKERS);
                assertClose(expected, dw, dw.length, TOLERANCE, what);
            });
        }
    }

    /** More weights than partial sums may take, over several bands: one chunk, and shares of panels. */
    @Test
    void gradientToMillionsOfWeightsEqualsItsScalarTwin() {
        var shape = new ConvolutionShape(26, 2, 2, 2048, 2100, new Window(1, 1, 1, 0), 1);
        float[] x = random.mixed(shape.inputSize());
        float[] dy = random.mixed(shape.outputSize());
        float[] expected = new float[shape.weightSize()];
        scalar.backwardWeights(shape, x, dy, expected, WORKERS);
        forEachTiling(shape, (kernel, what) -> {
            float[] dw = new float[shape.weightSize()];
            kernel.backwardWeights(shape, x, dy, dw, WORKERS);
            assertClose(expected, dw, dw.length, TOLERANCE, what);
        });
    }

    @ParameterizedTest
    @FieldSource("org.resnet4j.kernel.Tilings#ALL")
    void arraysMayBeLongerThanNeededAndTheirEndsAreLeftAlone(Tiling tiling) {
        ConvolutionKernel vector = vector(tiling);
        List<ConvolutionShape> shapes = all();
        for (int i = 0; i < shapes.size(); i += 3) {
            ConvolutionShape shape = shapes.get(i);
            float[] x = longer(random.mixed(shape.inputSize()));
            float[] w = longer(random.mixed(shape.weightSize()));
            float[] dy = longer(random.mixed(shape.outputSize()));
            float[] y = longer(new float[shape.outputSize()]);
            float[] dx = longer(new float[shape.inputSize()]);
            float[] dw = longer(new float[shape.weightSize()]);
            vector.forward(shape, x, w, y, WORKERS);
            vector.backwardData(shape, dy, w, dx, Accumulation.OVERWRITE, WORKERS);
            vector.backwardWeights(shape, x, dy, dw, WORKERS);
            assertOnlyTheEndIsNaN(y, shape.outputSize(), "y of " + shape);
            assertOnlyTheEndIsNaN(dx, shape.inputSize(), "dx of " + shape);
            assertOnlyTheEndIsNaN(dw, shape.weightSize(), "dw of " + shape);
        }
    }

    private static float[] longer(float[] array) {
        float[] longer = RandomArrays.garbage(array.length + SPARE);
        System.arraycopy(array, 0, longer, 0, array.length);
        return longer;
    }

    private static void assertOnlyTheEndIsNaN(float[] array, int size, String what) {
        for (int i = 0; i < array.length; i++) {
            int at = i;
            assertTrue(Float.isNaN(array[i]) == i >= size, () -> what + ": element " + at + " is " + array[at]);
        }
    }

    /**
     * A deferred gradient of a normalization: every element is computed once, before it is read, and all are complete
     * at the end.
     */
    @ParameterizedTest
    @FieldSource("org.resnet4j.kernel.Tilings#ALL")
    void gradientsComputedOnTheWayGiveTheSameBits(Tiling tiling) {
        int lanes = VectorTiles.LANES;
        var shapes = List.of(
                new ConvolutionShape(3, 8, 8, lanes, lanes, new Window(3, 3, 1, 1), 1),
                new ConvolutionShape(2, 13, 10, 4 * lanes, 7 * lanes, new Window(3, 3, 1, 1), 1),
                new ConvolutionShape(1, 9, 7, 128 + 2 * lanes, 2 * lanes, new Window(3, 3, 1, 1), 1),
                new ConvolutionShape(2, 15, 11, 5, 18 * lanes + 3, new Window(1, 1, 1, 0), 1),
                new ConvolutionShape(2, 9, 9, 24, 4 * lanes, new Window(1, 1, 2, 0), 1),
                new ConvolutionShape(2, 11, 12, 12, 3 * (lanes + 1), new Window(3, 3, 2, 1), 3),
                new ConvolutionShape(2, 30, 29, 3, 4 * lanes, new Window(7, 7, 2, 3), 1));
        for (ConvolutionShape shape : shapes) {
            var random = new RandomArrays(17);
            float[] x = random.uniform(shape.inputSize(), -1, 1);
            float[] dy = random.uniform(shape.outputSize(), -1, 1);
            for (ConvolutionKernel kernel : List.of(scalar, vector(tiling))) {
                float[] expected = new float[shape.weightSize()];
                kernel.backwardWeights(shape, x, dy, expected, WORKERS);
                float[] computed = RandomArrays.garbage(shape.outputSize());
                var times = new AtomicIntegerArray(shape.outputSize());
                LateGradient late = (fromPixel, toPixel, fromChannel, toChannel) -> {
                    for (int pixel = fromPixel; pixel < toPixel; pixel++) {
                        for (int channel = fromChannel; channel < toChannel; channel++) {
                            int i = pixel * shape.outChannels() + channel;
                            computed[i] = dy[i];
                            times.incrementAndGet(i);
                        }
                    }
                };
                float[] dw = new float[shape.weightSize()];
                kernel.backwardWeights(shape, x, computed, late, dw, WORKERS);
                assertArrayEquals(expected, dw, 0f, shape.toString());
                for (int i = 0; i < shape.outputSize(); i++) {
                    assertEquals(1, times.get(i), "element " + i + " of " + shape);
                }
            }
        }
    }

    @Test
    void resultsHaveTheSameBitsForEveryNumberOfThreads() {
        ConvolutionKernel vector = KernelLookup.vector().convolution();
        var shapes = new ArrayList<>(ConvolutionShapes.large());
        shapes.addAll(ConvolutionShapes.small().subList(0, 10));
        List<ConvolutionShape> filtered = ConvolutionShapes.filtered();
        shapes.addAll(filtered.subList(filtered.size() - 12, filtered.size()));
        try (var one = new Workers(1);
                var two = new Workers(2);
                var three = new Workers(3);
                var five = new Workers(5)) {
            for (ConvolutionShape shape : shapes) {
                float[] x = random.mixed(shape.inputSize());
                float[] w = random.mixed(shape.weightSize());
                float[] dy = random.mixed(shape.outputSize());
                Passes expected = Passes.of(vector, shape, x, w, dy, one);
                for (Workers workers : List.of(two, three, five)) {
                    String what = shape + " with " + workers.threads() + " threads";
                    Passes passes = Passes.of(vector, shape, x, w, dy, workers);
                    assertSameBits(expected.y, passes.y, "forward of " + what);
                    assertSameBits(expected.dx, passes.dx, "gradient to the data of " + what);
                    assertSameBits(expected.dw, passes.dw, "gradient to the weights of " + what);
                }
            }
        }
    }

    private record Passes(float[] y, float[] dx, float[] dw) {
        static Passes of(
                ConvolutionKernel kernel, ConvolutionShape shape, float[] x, float[] w, float[] dy, Workers workers) {
            var passes = new Passes(
                    new float[shape.outputSize()], new float[shape.inputSize()], new float[shape.weightSize()]);
            kernel.forward(shape, x, w, passes.y, workers);
            kernel.backwardData(shape, dy, w, passes.dx, Accumulation.OVERWRITE, workers);
            kernel.backwardWeights(shape, x, dy, passes.dw, workers);
            return passes;
        }
    }
}
