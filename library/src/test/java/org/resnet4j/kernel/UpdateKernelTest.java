package org.resnet4j.kernel;

import static org.resnet4j.kernel.Closeness.assertClose;
import static org.resnet4j.kernel.DoubleReference.widen;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.parallel.Workers;

/** Steps of the optimisers against their formulas in double precision. */
class UpdateKernelTest {
    private static final Workers WORKERS = new Workers(2);
    static final List<Named<Kernels>> KERNELS =
            List.of(Named.of("scalar", Kernels.scalar()), Named.of("vector", Kernels.vector()));
    private static final int SIZE = 16 * 1024 + 5;
    private static final int STEPS = 5;

    private final RandomArrays random = new RandomArrays(9);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stochasticGradientDescentFollowsItsFormula(boolean nesterov) {
        for (Named<Kernels> named : KERNELS) {
            Kernels kernels = named.getPayload();
            float[] w = random.normal(SIZE, 0, 1);
            float[] velocity = new float[SIZE];
            double[] expected = widen(w);
            double[] v = new double[SIZE];
            for (int step = 0; step < STEPS; step++) {
                float[] dw = random.normal(SIZE, 0, 1);
                kernels.update().sgd(SIZE, w, dw, velocity, 0.1f, 0.9f, 0.01f, nesterov, WORKERS);
                for (int i = 0; i < SIZE; i++) {
                    double gradient = dw[i] + 0.01 * expected[i];
                    v[i] = 0.9 * v[i] + gradient;
                    expected[i] -= 0.1 * (nesterov ? gradient + 0.9 * v[i] : v[i]);
                }
            }
            assertClose(expected, w, 1e-6, "weights");
            assertClose(v, velocity, 1e-6, "velocity");
        }
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void adamWithDecoupledDecayFollowsItsFormula(Kernels kernels) {
        float[] w = random.normal(SIZE, 0, 1);
        float[] m = new float[SIZE];
        float[] v = new float[SIZE];
        double[] expected = widen(w);
        double[] means = new double[SIZE];
        double[] squares = new double[SIZE];
        for (int step = 1; step <= STEPS; step++) {
            float[] dw = random.normal(SIZE, 0, 1);
            kernels.update().adamW(SIZE, w, dw, m, v, step, 1e-2f, 0.9f, 0.999f, 1e-8f, 0.1f, WORKERS);
            for (int i = 0; i < SIZE; i++) {
                means[i] = 0.9 * means[i] + 0.1 * dw[i];
                squares[i] = 0.999 * squares[i] + 0.001 * dw[i] * dw[i];
                double mean = means[i] / (1 - Math.pow(0.9, step));
                double square = squares[i] / (1 - Math.pow(0.999, step));
                expected[i] -= 1e-2 * 0.1 * expected[i];
                expected[i] -= 1e-2 * mean / (Math.sqrt(square) + 1e-8);
            }
        }
        assertClose(expected, w, 1e-5, "weights");
        assertClose(means, m, 1e-5, "first moment");
        assertClose(squares, v, 1e-4, "second moment");
    }

    static List<Integer> sizes() {
        return List.of(1, 15, 17, SIZE);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void elementsBehindTheEndAreLeftAlone(int size) {
        float[] w = new float[size + 1];
        w[size] = 7f;
        float[] ones = new float[size + 1];
        Arrays.fill(ones, 1f);
        float[] velocity = new float[size + 1];
        for (Named<Kernels> named : KERNELS) {
            Kernels kernels = named.getPayload();
            kernels.update().sgd(size, w, ones, velocity, 1f, 0f, 0f, false, WORKERS);
            kernels.update()
                    .adamW(size, w, ones, velocity.clone(), velocity.clone(), 1, 1f, 0.9f, 0.999f, 1e-8f, 0f, WORKERS);
        }
        assertClose(new double[] {7}, new float[] {w[size]}, 0, "element behind the end");
    }
}
