package org.resnet4j.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

class Bias2dTest {
    static java.util.stream.Stream<Kernels> kernels() {
        return java.util.stream.Stream.of(KernelLookup.vector(), KernelLookup.scalar());
    }

    private static Tensor tensor(Shape shape, float... values) {
        return Tensor.wrap(values, shape);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void biasShortcutAndReluInOnePass(Kernels kernels) {
        var bias = new Bias2d("conv1", 2, Activation.RELU);
        bias.bias().value().array()[0] = 1;
        bias.bias().value().array()[1] = -2;
        Shape shape = Shape.of(1, 1, 3, 2);
        Tensor x = tensor(shape, 1, 1, -3, 2, 0, 5);
        Tensor residual = tensor(shape, 1, 0, 1, 1, -2, -1);
        try (var workers = new Workers(2)) {
            var workspace = new Workspace(new Compute(kernels, workers));
            var tape = new Tape(workspace);
            Tensor y = bias.forwardSum(x, residual, tape);
            assertArrayEquals(new float[] {3, 0, 0, 1, 0, 2}, java.util.Arrays.copyOf(y.array(), 6));
            assertArrayEquals(
                    new float[] {3, 0, 0, 1, 0, 2},
                    java.util.Arrays.copyOf(
                            bias.predictSum(x, residual, workspace).array(), 6));
            Tensor dy = workspace.acquire(shape);
            System.arraycopy(new float[] {1, 2, 3, 4, 5, 6}, 0, dy.array(), 0, 6);
            SummingLayer.Gradients gradients = bias.backwardSum(Gradient.of(dy), tape);
            float[] open = {1, 0, 0, 4, 0, 6};
            assertArrayEquals(
                    open,
                    java.util.Arrays.copyOf(gradients.input().read(workspace).array(), 6));
            assertArrayEquals(
                    open,
                    java.util.Arrays.copyOf(gradients.residual().read(workspace).array(), 6));
            assertArrayEquals(new float[] {1, 10}, bias.bias().gradient().array(), 1e-6f);
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shapesMustFit(Kernels kernels) {
        var bias = new Bias2d("conv1", 2, Activation.NONE);
        try (var workers = new Workers(1)) {
            var workspace = new Workspace(new Compute(kernels, workers));
            Tensor three = Tensor.zeros(1, 2, 2, 3);
            assertThrows(ShapeMismatchException.class, () -> bias.predict(three, workspace));
            Tensor two = Tensor.zeros(1, 2, 2, 2);
            assertThrows(ShapeMismatchException.class, () -> bias.predictSum(two, three, workspace));
        }
        assertEquals("conv1.bias", bias.bias().name());
        assertEquals(1, bias.factor(0));
    }
}
