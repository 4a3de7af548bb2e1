package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.resnet4j.kernel.Closeness.assertSameBits;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Workers;

class ElementwiseKernelTest {
    private static final Workers WORKERS = new Workers(2);

    /** Elements beyond the end, which must not change. */
    private static final int SPARE = 3;

    private final RandomArrays random = new RandomArrays(4);
    private final ElementwiseKernel scalar = KernelLookup.scalar().elementwise();
    private final ElementwiseKernel vector = KernelLookup.vector().elementwise();

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    private static List<Integer> sizes() {
        int lanes = VectorTiles.LANES;
        return List.of(0, 1, 2, lanes - 1, lanes, lanes + 1, 5 * lanes + 3, 16 * 1024 - 1, 16 * 1024 + 1, 50_000);
    }

    private float[] longer(int size) {
        float[] array = random.normal(size + SPARE, 0, 1);
        Arrays.fill(array, size, size + SPARE, 77f);
        return array;
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void reluIsTheLargerOfZeroAndTheValue(int size) {
        float[] x = longer(size);
        float[] expected = x.clone();
        for (int i = 0; i < size; i++) {
            expected[i] = x[i] > 0 ? x[i] : 0f;
        }
        for (ElementwiseKernel kernel : List.of(scalar, vector)) {
            float[] y = longer(size);
            kernel.relu(size, x, y, WORKERS);
            assertSameBits(expected, y, kernel);
            float[] inPlace = x.clone();
            kernel.relu(size, inPlace, inPlace, WORKERS);
            assertSameBits(expected, inPlace, kernel + " in place");
        }
    }

    /** A loss that is not finite must be visible at the end, not hidden by an activation. */
    @Test
    void reluHandsOnWhatIsNotANumber() {
        float[] x = RandomArrays.garbage(2 * VectorTiles.LANES + 1);
        for (ElementwiseKernel kernel : List.of(scalar, vector)) {
            float[] y = new float[x.length];
            kernel.relu(x.length, x, y, WORKERS);
            for (float value : y) {
                assertTrue(Float.isNaN(value), () -> kernel + " gives " + value);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void reluGradientPassesWhereTheResultIsPositive(int size) {
        float[] y = longer(size);
        for (int i = 0; i < size; i += 2) {
            y[i] = 0f;
        }
        float[] dy = longer(size);
        float[] expected = dy.clone();
        for (int i = 0; i < size; i++) {
            expected[i] = y[i] > 0 ? dy[i] : 0f;
        }
        for (ElementwiseKernel kernel : List.of(scalar, vector)) {
            float[] dx = longer(size);
            kernel.reluBackward(size, y, dy, dx, WORKERS);
            assertSameBits(expected, dx, kernel);
            float[] inPlace = dy.clone();
            kernel.reluBackward(size, y, inPlace, inPlace, WORKERS);
            assertSameBits(expected, inPlace, kernel + " in place");
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void addAdds(int size) {
        float[] x = longer(size);
        float[] y = longer(size);
        float[] expected = y.clone();
        for (int i = 0; i < size; i++) {
            expected[i] = y[i] + x[i];
        }
        for (ElementwiseKernel kernel : List.of(scalar, vector)) {
            float[] sum = y.clone();
            kernel.add(size, x, sum, WORKERS);
            assertSameBits(expected, sum, kernel);
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void multiplyMultiplies(int size) {
        float[] x = longer(size);
        float[] y = longer(size);
        float[] expected = y.clone();
        for (int i = 0; i < size; i++) {
            expected[i] = y[i] * x[i];
        }
        for (ElementwiseKernel kernel : List.of(scalar, vector)) {
            float[] product = y.clone();
            kernel.multiply(size, x, product, WORKERS);
            assertSameBits(expected, product, kernel);
        }
    }
}
