package org.resnet4j.kernel;

import static org.resnet4j.kernel.Closeness.assertClose;
import static org.resnet4j.kernel.DoubleReference.widen;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;

class LinearKernelTest {
    private static final Workers WORKERS = new Workers(2);
    static final List<Named<Kernels>> KERNELS = Stream.concat(
                    Stream.of(Named.of("scalar", KernelLookup.scalar())),
                    Tilings.ALL.stream()
                            .map(tiling -> Named.of(tiling.getName(), Tilings.kernels(tiling.getPayload()))))
            .toList();

    private static final int[][] SIZES = {
        {1, 1, 1}, {1, 64, 10}, {5, 7, 3}, {37, 65, 17}, {130, 64, 10}, {16, 512, 1000}
    };

    private final RandomArrays random = new RandomArrays(6);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void forwardIsTheMatrixProductAndTheBias(Kernels kernels) {
        for (int[] size : SIZES) {
            float[] x = random.mixed(size[0] * size[1]);
            float[] w = random.mixed(size[1] * size[2]);
            float[] bias = random.mixed(size[2]);
            float[] y = RandomArrays.garbage(size[0] * size[2]);
            kernels.linear().forward(size[0], size[1], size[2], x, w, bias, y, WORKERS);
            assertClose(DoubleReference.linear(widen(x), widen(w), widen(bias)), y, 1e-5, Arrays.toString(size));
        }
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void gradientsAreProductsWithTheTransposedMatrices(Kernels kernels) {
        for (int[] size : SIZES) {
            int rows = size[0];
            int in = size[1];
            int out = size[2];
            float[] x = random.mixed(rows * in);
            float[] w = random.mixed(in * out);
            float[] dy = random.mixed(rows * out);
            float[] dx = RandomArrays.garbage(rows * in);
            float[] dw = new float[in * out];
            float[] dBias = new float[out];
            Arrays.fill(dw, 3f);
            Arrays.fill(dBias, 4f);
            kernels.linear().backwardData(rows, in, out, dy, w, dx, WORKERS);
            kernels.linear().backwardWeights(rows, in, out, x, dy, dw, dBias, WORKERS);
            double[] expectedX = new double[rows * in];
            double[] expectedW = new double[in * out];
            double[] expectedBias = new double[out];
            Arrays.fill(expectedW, 3);
            Arrays.fill(expectedBias, 4);
            for (int row = 0; row < rows; row++) {
                for (int k = 0; k < out; k++) {
                    double gradient = dy[row * out + k];
                    expectedBias[k] += gradient;
                    for (int c = 0; c < in; c++) {
                        expectedX[row * in + c] += gradient * w[c * out + k];
                        expectedW[c * out + k] += gradient * x[row * in + c];
                    }
                }
            }
            String what = kernels.name() + " " + Arrays.toString(size);
            assertClose(expectedX, dx, 1e-5, "dx, " + what);
            assertClose(expectedW, dw, 1e-5, "dw is added, " + what);
            assertClose(expectedBias, dBias, 1e-5, "dBias is added, " + what);
        }
    }
}
