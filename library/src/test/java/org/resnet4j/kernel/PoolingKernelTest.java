package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.resnet4j.kernel.Closeness.assertClose;
import static org.resnet4j.kernel.DoubleReference.dot;
import static org.resnet4j.kernel.DoubleReference.widen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Workers;

class PoolingKernelTest {
    private static final Workers WORKERS = new Workers(2);
    static final List<Named<Kernels>> KERNELS =
            List.of(Named.of("scalar", KernelLookup.scalar()), Named.of("vector", KernelLookup.vector()));

    private final RandomArrays random = new RandomArrays(5);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    private static List<ConvolutionShape> windows() {
        var shapes = new ArrayList<ConvolutionShape>();
        int lanes = VectorTiles.LANES;
        for (int channels : List.of(1, 3, lanes - 1, lanes, 2 * lanes + 1, 4 * lanes)) {
            for (int window = 1; window <= 4; window++) {
                for (int stride = 1; stride <= 3; stride++) {
                    for (int padding = 0; padding <= window / 2; padding++) {
                        shapes.add(new ConvolutionShape(
                                3, 7, 6, channels, channels, new Window(window, window, stride, padding), 1));
                    }
                }
            }
            shapes.add(new ConvolutionShape(2, 7, 9, channels, channels, new Window(2, 3, 2, 1), 1));
            shapes.add(new ConvolutionShape(2, 1, 2, channels, channels, new Window(3, 3, 2, 1), 1));
        }
        return shapes;
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void maximumIsTheDefinition(Kernels kernels) {
        for (ConvolutionShape shape : windows()) {
            float[] x = random.normal(shape.inputSize(), 0, 1);
            float[] y = RandomArrays.garbage(shape.outputSize());
            kernels.pooling().maxForward(shape, x, y, WORKERS);
            assertClose(DoubleReference.maxPool(shape, widen(x)), y, 0, shape);
        }
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void paddingNeverWinsOverNegativeValues(Kernels kernels) {
        for (ConvolutionShape shape : windows()) {
            float[] x = random.uniform(shape.inputSize(), -9, -1);
            float[] y = RandomArrays.garbage(shape.outputSize());
            kernels.pooling().maxForward(shape, x, y, WORKERS);
            assertClose(DoubleReference.maxPool(shape, widen(x)), y, 0, shape);
        }
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void gradientGoesToThePlaceOfTheMaximum(Kernels kernels) {
        for (ConvolutionShape shape : windows()) {
            float[] x = random.normal(shape.inputSize(), 0, 1);
            float[] y = new float[shape.outputSize()];
            kernels.pooling().maxForward(shape, x, y, WORKERS);
            float[] dy = random.mixed(shape.outputSize());
            float[] dx = RandomArrays.garbage(shape.inputSize());
            kernels.pooling().maxBackward(shape, x, y, dy, dx, WORKERS);
            // If every input changes by its own small step, the maxima change by the product of the gradient with the
            // steps.
            float[] step = random.normal(shape.inputSize(), 0, 1e-6);
            double[] moved = DoubleReference.add(widen(x), widen(step));
            double[] before = DoubleReference.maxPool(shape, widen(x));
            double[] after = DoubleReference.maxPool(shape, moved);
            double[] rise = new double[before.length];
            Arrays.setAll(rise, i -> after[i] - before[i]);
            assertEquals(dot(rise, widen(dy)), dot(widen(dx), widen(step)), 1e-9, shape.toString());
        }
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void equalMaximaGiveTheGradientToTheFirst(Kernels kernels) {
        var shape = new ConvolutionShape(1, 2, 4, 1, 1, new Window(2, 2, 2, 0), 1);
        float[] x = {5, 1, 0, 7, 5, 5, 7, 7};
        float[] y = new float[2];
        kernels.pooling().maxForward(shape, x, y, WORKERS);
        assertArrayEquals(new float[] {5, 7}, y);
        float[] dx = RandomArrays.garbage(8);
        kernels.pooling().maxBackward(shape, x, y, new float[] {2, 3}, dx, WORKERS);
        assertArrayEquals(new float[] {2, 0, 0, 3, 0, 0, 0, 0}, dx);
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void averageIsTheMeanOfEachChannel(Kernels kernels) {
        for (int channels : List.of(1, 3, 16, 33, 64)) {
            float[] x = random.mixed(3 * 49 * channels);
            float[] y = RandomArrays.garbage(3 * channels);
            kernels.pooling().averageForward(3, 49, channels, x, y, WORKERS);
            assertClose(DoubleReference.averagePool(3, 49, channels, widen(x)), y, 1e-6, channels + " channels");
            float[] dx = RandomArrays.garbage(x.length);
            kernels.pooling().averageBackward(3, 49, channels, y, dx, WORKERS);
            double[] spread = new double[x.length];
            Arrays.setAll(spread, i -> y[i / (49 * channels) * channels + i % channels] / 49.0);
            assertClose(spread, dx, 1e-6, channels + " channels");
        }
    }

    private static List<ConvolutionShape> subsamples() {
        return List.of(
                new ConvolutionShape(2, 8, 8, 16, 32, new Window(1, 1, 2, 0), 1),
                new ConvolutionShape(2, 7, 5, 16, 32, new Window(1, 1, 2, 0), 1),
                new ConvolutionShape(1, 7, 8, 3, 8, new Window(1, 1, 3, 0), 1),
                new ConvolutionShape(3, 4, 4, 5, 5, new Window(1, 1, 2, 0), 1),
                new ConvolutionShape(3, 4, 4, 5, 12, new Window(1, 1, 1, 0), 1),
                new ConvolutionShape(1, 1, 1, 2, 3, new Window(1, 1, 2, 0), 1));
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void subsampleTakesPixelsAndPutsTheirChannelsInTheMiddle(Kernels kernels) {
        for (ConvolutionShape shape : subsamples()) {
            float[] x = random.mixed(shape.inputSize());
            float[] y = RandomArrays.garbage(shape.outputSize());
            kernels.pooling().subsample(shape, x, y, WORKERS);
            assertClose(DoubleReference.subsample(shape, widen(x)), y, 0, shape);
        }
    }

    @Test
    void sixteenChannelsInThirtyTwoHaveEightZerosOnEitherSide() {
        var shape = new ConvolutionShape(1, 2, 2, 16, 32, new Window(1, 1, 2, 0), 1);
        float[] x = new float[64];
        Arrays.fill(x, 1f);
        float[] y = RandomArrays.garbage(32);
        KernelLookup.scalar().pooling().subsample(shape, x, y, WORKERS);
        for (int c = 0; c < 32; c++) {
            assertEquals(c >= 8 && c < 24 ? 1f : 0f, y[c], "channel " + c);
        }
    }

    /** The gradient of a linear function is its transposed matrix: (S x) · dy = x · (S' dy) for all x and dy. */
    @ParameterizedTest
    @FieldSource("KERNELS")
    void subsampleGradientIsTheTransposedFunction(Kernels kernels) {
        for (ConvolutionShape shape : subsamples()) {
            float[] x = random.mixed(shape.inputSize());
            float[] dy = random.mixed(shape.outputSize());
            float[] dx = RandomArrays.garbage(shape.inputSize());
            kernels.pooling().subsampleBackward(shape, dy, dx, WORKERS);
            double expected = dot(DoubleReference.subsample(shape, widen(x)), widen(dy));
            assertEquals(expected, dot(widen(x), widen(dx)), 1e-9, shape.toString());
        }
    }
}
