package org.resnet4j.kernel;

import static org.resnet4j.kernel.PairExamples.PAIRS;
import static org.resnet4j.kernel.PairExamples.PLAIN;
import static org.resnet4j.kernel.PairExamples.SAME_BITS;
import static org.resnet4j.kernel.PairExamples.assertSameNumbers;
import static org.resnet4j.kernel.PairExamples.assertSamePairs;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Workers;

/** Compares elementwise operations and pooling of feature maps in bfloat16 with those of floats. */
class PairMapsTest {
    private static final Workers WORKERS = new Workers(2);

    private final PairExamples examples = new PairExamples(21);
    private final RandomArrays random = new RandomArrays(22);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    /** An operation {@code y = y op x}. */
    @FunctionalInterface
    private interface Operation {
        void run(ElementwiseKernel kernel, int size, float[] x, float[] y);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 30, 32, 34, 16 * 1024, 50_002})
    void elementwise(int size) {
        compare(size, "relu", (kernel, count, x, y) -> kernel.relu(count, x, y, WORKERS));
        compare(size, "relu in place", (kernel, count, x, y) -> kernel.relu(count, y, y, WORKERS));
        compare(size, "reluBackward", (kernel, count, x, y) -> kernel.reluBackward(count, x, y, y, WORKERS));
        compare(size, "add", (kernel, count, x, y) -> kernel.add(count, x, y, WORKERS));
        compare(size, "multiply", (kernel, count, x, y) -> kernel.multiply(count, x, y, WORKERS));
    }

    private void compare(int size, String what, Operation operation) {
        float[] x = examples.special(size + 2);
        float[] y = examples.special(size + 2);
        float[] actual = y.clone();
        operation.run(PAIRS.elementwise(), size, x, actual);
        for (MapKernels kernels : List.of(SAME_BITS, PLAIN)) {
            float[] expected = y.clone();
            operation.run(kernels.elementwise(), size, x, expected);
            assertSamePairs(expected, actual, what + " of " + size);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void maximum(boolean special) {
        for (int channels : PairExamples.CHANNELS) {
            for (int window = 1; window <= 4; window++) {
                for (int stride = 1; stride <= 3; stride++) {
                    maximum(special, 7, 6, channels, new Window(window, window, stride, window / 2));
                }
            }
            maximum(special, 9, 7, channels, new Window(2, 3, 2, 1));
            maximum(special, 1, 2, channels, new Window(3, 3, 2, 1));
            maximum(special, 9, 3, channels, new Window(1, 2, 5, 0));
        }
    }

    private void maximum(boolean special, int height, int width, int channels, Window window) {
        var s = new ConvolutionShape(3, height, width, channels, channels, window, 1);
        float[] x = special ? examples.special(s.inputSize()) : examples.coarse(s.inputSize());
        float[] dy = special ? examples.special(s.outputSize()) : examples.normal(s.outputSize());
        float[] y = new float[s.outputSize() / 2];
        float[] dx = RandomArrays.garbage(x.length);
        PAIRS.pooling().maxForward(s, x, y, WORKERS);
        PAIRS.pooling().maxBackward(s, x, y, dy, dx, WORKERS);
        for (MapKernels kernels : List.of(SAME_BITS, PLAIN)) {
            float[] expected = new float[y.length];
            float[] gradient = new float[dx.length];
            kernels.pooling().maxForward(s, x, expected, WORKERS);
            kernels.pooling().maxBackward(s, x, y, dy, gradient, WORKERS);
            assertSamePairs(expected, y, s);
            assertSamePairs(gradient, dx, "gradient of " + s);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 49})
    void averages(int pixels) {
        for (int channels : PairExamples.CHANNELS) {
            float[] x = examples.special(3 * pixels * channels);
            float[] dy = random.normal(3 * channels, 0, 1);
            float[] y = RandomArrays.garbage(dy.length);
            float[] dx = RandomArrays.garbage(x.length);
            PAIRS.pooling().averageForward(3, pixels, channels, x, y, WORKERS);
            PAIRS.pooling().averageBackward(3, pixels, channels, dy, dx, WORKERS);
            for (MapKernels kernels : List.of(SAME_BITS, PLAIN)) {
                float[] expected = new float[y.length];
                float[] gradient = new float[x.length];
                kernels.pooling().averageForward(3, pixels, channels, x, expected, WORKERS);
                kernels.pooling().averageBackward(3, pixels, channels, dy, gradient, WORKERS);
                assertSameNumbers(expected, y, channels + " channels");
                assertSamePairs(gradient, dx, "gradient of " + channels + " channels");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void cells(int stride) {
        for (int channels : PairExamples.CHANNELS) {
            var s = new ConvolutionShape(3, 7, 5, channels, channels, new Window(1, 1, stride, 0), 1);
            float[] x = examples.special(s.inputSize());
            float[] dy = examples.special(s.outputSize());
            float[] y = RandomArrays.garbage(dy.length);
            float[] dx = RandomArrays.garbage(x.length);
            PAIRS.pooling().cellsForward(s, x, y, WORKERS);
            PAIRS.pooling().cellsBackward(s, dy, dx, WORKERS);
            for (MapKernels kernels : List.of(SAME_BITS, PLAIN)) {
                float[] expected = new float[y.length];
                float[] gradient = new float[x.length];
                kernels.pooling().cellsForward(s, x, expected, WORKERS);
                kernels.pooling().cellsBackward(s, dy, gradient, WORKERS);
                assertSamePairs(expected, y, s);
                assertSamePairs(gradient, dx, "gradient of " + s);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void subsample(int stride) {
        for (int channels : PairExamples.CHANNELS) {
            for (int more : List.of(0, 2, VectorTiles.LANES, channels)) {
                var s = new ConvolutionShape(3, 7, 5, channels, channels + more, new Window(1, 1, stride, 0), 1);
                float[] x = examples.special(s.inputSize());
                float[] dy = examples.special(s.outputSize());
                float[] y = RandomArrays.garbage(dy.length);
                float[] dx = RandomArrays.garbage(x.length);
                PAIRS.pooling().subsample(s, x, y, WORKERS);
                PAIRS.pooling().subsampleBackward(s, dy, dx, WORKERS);
                for (MapKernels kernels : List.of(SAME_BITS, PLAIN)) {
                    float[] expected = new float[y.length];
                    float[] gradient = new float[x.length];
                    kernels.pooling().subsample(s, x, expected, WORKERS);
                    kernels.pooling().subsampleBackward(s, dy, gradient, WORKERS);
                    assertSamePairs(expected, y, s);
                    assertSamePairs(gradient, dx, "gradient of " + s);
                }
            }
        }
    }
}
