package org.resnet4j.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.DoubleReference;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

class Conv2dTest {
    private static final List<ConvolutionShape> SHAPES = List.of(
            new ConvolutionShape(2, 5, 4, 3, 5, new Window(3, 3, 1, 1), 1),
            new ConvolutionShape(2, 6, 5, 2, 3, new Window(3, 3, 2, 1), 1),
            new ConvolutionShape(1, 9, 8, 3, 2, new Window(7, 7, 2, 3), 1),
            new ConvolutionShape(2, 4, 4, 4, 6, new Window(3, 3, 1, 1), 2),
            new ConvolutionShape(2, 5, 5, 3, 4, new Window(1, 1, 1, 0), 1),
            new ConvolutionShape(2, 5, 5, 3, 4, new Window(1, 1, 2, 0), 1),
            new ConvolutionShape(1, 7, 7, 2, 2, new Window(2, 2, 3, 0), 1));

    static List<Object[]> cases() {
        var cases = new ArrayList<Object[]>();
        for (var kernels : LayerRun.kernels()) {
            for (ConvolutionShape shape : SHAPES) {
                cases.add(new Object[] {kernels, shape});
            }
        }
        return cases;
    }

    private static Conv2d layer(ConvolutionShape s) {
        return new Conv2d(
                "conv", s.inChannels(), s.outChannels(), s.kernelHeight(), s.stride(), s.padding(), s.groups());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreFiniteDifferences(Kernels kernels, ConvolutionShape shape) {
        var input = Shape.of(shape.batch(), shape.height(), shape.width(), shape.inChannels());
        var run = LayerRun.of(layer(shape), kernels, input, 1);
        double[] x = run.x();
        double[] w = run.parameter("weight");
        run.assertInput(moved -> DoubleReference.convolution(shape, moved, w))
                .assertParameter("weight", moved -> DoubleReference.convolution(shape, x, moved));
    }

    @Test
    void predictIsForward() {
        ConvolutionShape shape = SHAPES.getFirst();
        var layer = layer(shape);
        var random = new RandomArrays(2);
        float[] weights = random.mixed(shape.weightSize());
        System.arraycopy(weights, 0, layer.weight().value().array(), 0, weights.length);
        Tensor x = Tensor.wrap(random.mixed(shape.inputSize()), Shape.of(2, 5, 4, 3));
        try (var workers = new Workers(1)) {
            var workspace = new Workspace(new Compute(KernelLookup.vector(), workers));
            Tensor y = layer.forward(x, new Tape(workspace));
            assertArrayEquals(
                    y.copy().array(), layer.predict(x, workspace).copy().array());
        }
    }

    @Test
    void gradientsToTheWeightsAreAddedUntilSomebodyClearsThem() {
        var layer = Conv2d.same("conv", 2, 3, 3, 1);
        Tensor x = Tensor.wrap(new RandomArrays(3).mixed(2 * 4 * 4 * 2), Shape.of(2, 4, 4, 2));
        Tensor dy = Tensor.wrap(new RandomArrays(4).mixed(2 * 4 * 4 * 3), Shape.of(2, 4, 4, 3));
        float[] gradient = layer.weight().gradient().array();
        try (var workers = new Workers(1)) {
            var tape = new Tape(new Workspace(new Compute(KernelLookup.scalar(), workers)));
            layer.forward(x, tape);
            layer.backwardWeights(Gradient.of(dy.copy()), tape);
            assertTrue(tape.isEmpty());
            float[] once = gradient.clone();
            layer.forward(x, tape);
            tape.workspace().release(layer.backward(dy, tape));
            for (int i = 0; i < once.length; i++) {
                assertEquals(2 * once[i], gradient[i], 1e-5 * Math.abs(once[i]));
            }
        }
    }

    @Test
    void sameKeepsTheSizeAtStrideOneAndHalvesItRoundedUpAtStrideTwo() {
        for (int kernel : new int[] {1, 3, 5, 7}) {
            assertEquals(
                    Shape.of(2, 9, 8, 4), Conv2d.same("conv", 3, 4, kernel, 1).outputShape(Shape.of(2, 9, 8, 3)));
            assertEquals(
                    Shape.of(2, 5, 4, 4), Conv2d.same("conv", 3, 4, kernel, 2).outputShape(Shape.of(2, 9, 8, 3)));
        }
    }

    @Test
    void wrongInputsAreNamedWithWhatWasExpected() {
        var layer = new Conv2d("layer1.0.conv1", 3, 8, 7, 2, 1, 1);
        assertMismatch(
                layer, Shape.of(2, 9, 9, 4), "conv2d layer1.0.conv1: expected shape [N, H, W, 3], got [2, 9, 9, 4]");
        assertMismatch(layer, Shape.of(9, 9, 3), "conv2d layer1.0.conv1: expected shape [N, H, W, 3], got [9, 9, 3]");
        assertMismatch(
                layer,
                Shape.of(2, 4, 9, 3),
                "conv2d layer1.0.conv1: expected shape [N, at least 5, at least 5, 3], got [2, 4, 9, 3]");
    }

    private static void assertMismatch(Layer layer, Shape input, String message) {
        var thrown = assertThrows(ShapeMismatchException.class, () -> layer.outputShape(input));
        assertEquals(message, thrown.getMessage());
    }

    @Test
    void groupsThatDoNotDivideAreRefusedAtConstruction() {
        assertThrows(IllegalArgumentException.class, () -> new Conv2d("conv", 6, 4, 3, 1, 1, 3));
    }

    @Test
    void describesItsWorkAndParameters() {
        var lines = new ArrayList<LayerSummary>();
        new Conv2d("conv", 4, 6, 3, 2, 1, 2).describe(Shape.of(1, 8, 8, 4), lines::add);
        assertEquals(
                List.of(new LayerSummary("conv", "conv 3x3, stride 2, 2 groups", Shape.of(1, 4, 4, 6), 108, 16 * 108)),
                lines);
    }
}
