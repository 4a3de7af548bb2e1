package org.resnet4j.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.resnet4j.kernel.DoubleReference.averagePool;
import static org.resnet4j.kernel.DoubleReference.linear;
import static org.resnet4j.kernel.DoubleReference.maxPool;

import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.DoubleReference;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.Window;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/** Tests ReLU, pooling and the linear layer. */
class SmallLayersTest {
    static List<Named<Kernels>> kernels() {
        return LayerRun.kernels();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void reluGradientIsAFiniteDifference(Kernels kernels) {
        LayerRun.of(new Relu("relu"), kernels, Shape.of(2, 3, 3, 19), 1).assertInput(DoubleReference::relu);
        LayerRun.of(new Relu("relu"), kernels, Shape.of(7), 2).assertInput(DoubleReference::relu);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void maxPoolGradientIsAFiniteDifference(Kernels kernels) {
        var shape = new ConvolutionShape(2, 7, 6, 5, 5, new Window(3, 3, 2, 1), 1);
        LayerRun.of(new MaxPool2d("pool", 3, 2, 1), kernels, Shape.of(2, 7, 6, 5), 3)
                .assertInput(x -> maxPool(shape, x));
        var even = new ConvolutionShape(2, 6, 6, 17, 17, new Window(2, 2, 2, 0), 1);
        LayerRun.of(new MaxPool2d("pool", 2, 2, 0), kernels, Shape.of(2, 6, 6, 17), 4)
                .assertInput(x -> maxPool(even, x));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void maxPoolBorderNeverWins(Kernels kernels) {
        try (var workers = new Workers(1)) {
            Tensor x = Tensor.wrap(new float[] {-3, -1, -2, -4}, Shape.of(1, 2, 2, 1));
            Tensor y = new MaxPool2d("pool", 3, 2, 1).predict(x, new Workspace(new Compute(kernels, workers)));
            assertArrayEquals(new float[] {-1}, y.copy().array());
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void averagePoolGradientIsAFiniteDifference(Kernels kernels) {
        LayerRun.of(new GlobalAveragePool("pool"), kernels, Shape.of(3, 4, 5, 18), 5)
                .assertInput(x -> averagePool(3, 20, 18, x));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void averagePoolOfCellsIsAFiniteDifference(Kernels kernels) {
        for (int stride = 1; stride <= 3; stride++) {
            var cells = new ConvolutionShape(2, 7, 6, 5, 5, new Window(1, 1, stride, 0), 1);
            LayerRun.of(new AvgPool2d("pool", stride), kernels, Shape.of(2, 7, 6, 5), 3)
                    .assertInput(x -> DoubleReference.cells(cells, x));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void squeezeAndExcitationHandsOnGatesAndMeans(Kernels kernels) {
        var run = LayerRun.of(new SqueezeExcitation("se", 19, 3), kernels, Shape.of(2, 3, 4, 19), 8);
        double[] x = run.x();
        double[] fc1 = run.parameter("fc1.weight");
        double[] bias1 = run.parameter("fc1.bias");
        double[] fc2 = run.parameter("fc2.weight");
        double[] bias2 = run.parameter("fc2.bias");
        run.assertInput(moved -> weighed(moved, fc1, bias1, fc2, bias2))
                .assertParameter("fc1.weight", moved -> weighed(x, moved, bias1, fc2, bias2))
                .assertParameter("fc1.bias", moved -> weighed(x, fc1, moved, fc2, bias2))
                .assertParameter("fc2.weight", moved -> weighed(x, fc1, bias1, moved, bias2))
                .assertParameter("fc2.bias", moved -> weighed(x, fc1, bias1, fc2, moved));
    }

    private static double[] weighed(double[] x, double[] fc1, double[] bias1, double[] fc2, double[] bias2) {
        double[] means = averagePool(2, 12, 19, x);
        double[] gates = linear(DoubleReference.relu(linear(means, fc1, bias1)), fc2, bias2);
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.max(0, x[i] / (1 + Math.exp(-gates[i / (12 * 19) * 19 + i % 19])));
        }
        return y;
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void linearGradientsAreFiniteDifferences(Kernels kernels) {
        var run = LayerRun.of(new Linear("fc", 19, 7), kernels, Shape.of(5, 19), 6);
        double[] x = run.x();
        double[] w = run.parameter("weight");
        double[] bias = run.parameter("bias");
        run.assertInput(moved -> linear(moved, w, bias))
                .assertParameter("weight", moved -> linear(x, moved, bias))
                .assertParameter("bias", moved -> linear(x, w, moved));
    }

    @Test
    void wrongShapesAreNamedWithWhatWasExpected() {
        assertMismatch(
                new SqueezeExcitation("se", 64, 4),
                Shape.of(1, 2, 2, 32),
                "squeeze-and-excitation se: expected shape [N, H, W, 64], got [1, 2, 2, 32]");
        assertMismatch(
                new AvgPool2d("pool", 2), Shape.of(1, 2), "average pool pool: expected shape [N, H, W, C], got [1, 2]");
        assertMismatch(new Linear("fc", 64, 10), Shape.of(2, 32), "linear fc: expected shape [N, 64], got [2, 32]");
        assertMismatch(
                new Linear("fc", 64, 10),
                Shape.of(2, 1, 1, 64),
                "linear fc: expected shape [N, 64], got [2, 1, 1, 64]");
        assertMismatch(
                new GlobalAveragePool("avgpool"),
                Shape.of(2, 64),
                "global average pool avgpool: expected shape [N, H, W, C], got [2, 64]");
        assertMismatch(
                new MaxPool2d("maxpool", 3, 2, 0),
                Shape.of(2, 2, 9, 4),
                "max pool maxpool: expected shape [N, H, W, C] with H and W at least 3, got [2, 2, 9, 4]");
    }

    private static void assertMismatch(Layer layer, Shape input, String message) {
        var thrown = assertThrows(ShapeMismatchException.class, () -> layer.outputShape(input));
        assertEquals(message, thrown.getMessage());
    }

    @Test
    void maxPoolRefusesPaddingBeyondHalfItsWindow() {
        assertThrows(IllegalArgumentException.class, () -> new AvgPool2d("pool", 0));
        assertThrows(IllegalArgumentException.class, () -> new MaxPool2d("pool", 3, 2, 2));
        assertThrows(IllegalArgumentException.class, () -> new MaxPool2d("pool", 0, 2, 0));
        assertThrows(IllegalArgumentException.class, () -> new MaxPool2d("pool", 3, 0, 1));
    }
}
