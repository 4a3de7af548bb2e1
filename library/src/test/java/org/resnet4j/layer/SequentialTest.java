package org.resnet4j.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.resnet4j.kernel.DoubleReference.averagePool;
import static org.resnet4j.kernel.DoubleReference.batchNorm;
import static org.resnet4j.kernel.DoubleReference.convolution;
import static org.resnet4j.kernel.DoubleReference.linear;
import static org.resnet4j.kernel.DoubleReference.relu;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

class SequentialTest {
    private static final Shape INPUT = Shape.of(2, 5, 4, 3);
    private static final ConvolutionShape GEOMETRY = new ConvolutionShape(2, 5, 4, 3, 6, new Window(3, 3, 2, 1), 1);

    static List<Named<Kernels>> kernels() {
        return LayerRun.kernels();
    }

    private static Sequential layers() {
        return new Sequential(
                "all",
                List.of(
                        Conv2d.same("conv", 3, 6, 3, 2),
                        new BatchNorm2d("bn", 6, Activation.NONE),
                        new Relu("relu"),
                        new GlobalAveragePool("pool"),
                        new Linear("fc", 6, 4)));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void gradientsAreFiniteDifferencesOfTheComposition(Kernels kernels) {
        var run = LayerRun.of(layers(), kernels, INPUT, 1);
        double[] x = run.x();
        double[] w = run.parameter("conv.weight");
        double[] gamma = run.parameter("bn.weight");
        double[] beta = run.parameter("bn.bias");
        double[] matrix = run.parameter("fc.weight");
        double[] bias = run.parameter("fc.bias");
        run.assertInput(moved -> composition(moved, w, gamma, beta, matrix, bias))
                .assertParameter("conv.weight", moved -> composition(x, moved, gamma, beta, matrix, bias))
                .assertParameter("bn.weight", moved -> composition(x, w, moved, beta, matrix, bias))
                .assertParameter("bn.bias", moved -> composition(x, w, gamma, moved, matrix, bias))
                .assertParameter("fc.weight", moved -> composition(x, w, gamma, beta, moved, bias));
    }

    private static double[] composition(
            double[] x, double[] w, double[] gamma, double[] beta, double[] matrix, double[] bias) {
        double[] y = relu(batchNorm(convolution(GEOMETRY, x, w), gamma, beta));
        return linear(averagePool(2, GEOMETRY.outHeight() * GEOMETRY.outWidth(), 6, y), matrix, bias);
    }

    @Test
    void partsAreListedInOrder() {
        var layers = layers();
        assertEquals(
                List.of("conv.weight", "bn.weight", "bn.bias", "fc.weight", "fc.bias"),
                layers.parameters().stream().map(Parameter::name).toList());
        assertEquals(
                List.of("bn.running_mean", "bn.running_var"),
                layers.buffers().stream().map(StateBuffer::name).toList());
        assertEquals(Shape.of(2, 4), layers.outputShape(INPUT));
    }

    @Test
    void nothingIsTheIdentity() {
        var nothing = new Sequential("nothing", List.of());
        Tensor x = Tensor.zeros(2, 3);
        try (var workers = new Workers(1)) {
            var tape = new Tape(new Workspace(new Compute(KernelLookup.scalar(), workers)));
            assertSame(x, nothing.forward(x, tape));
            assertSame(x, nothing.backward(x, tape));
            assertSame(x, nothing.predict(x, tape.workspace()));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void stepsAfterTheFirstMakeNoNewBuffers(Kernels kernels) {
        var layers = layers();
        Tensor x = Tensor.wrap(new RandomArrays(2).mixed(INPUT.size()), INPUT);
        Tensor dy = Tensor.wrap(new RandomArrays(3).mixed(8), Shape.of(2, 4));
        try (var workers = new Workers(2)) {
            var workspace = new Workspace(new Compute(kernels, workers));
            var tape = new Tape(workspace);
            long first = 0;
            for (int step = 0; step < 5; step++) {
                layers.forward(x, tape);
                workspace.release(layers.backward(dy, tape));
                assertTrue(tape.isEmpty());
                first = step == 0 ? workspace.allocatedBytes() : first;
                assertEquals(first, workspace.allocatedBytes(), "after step " + step);
            }
            workspace.release(layers.predict(x, workspace));
            assertEquals(first, workspace.allocatedBytes(), "predict needs less than training");
        }
    }

    /** What a layer computes in a step, and the bytes that it takes. */
    private record Step(Tensor output, Tensor inputGradient, List<float[]> gradients, long bytes) {
        static Step of(Layer layer, Format format, Kernels kernels) {
            Shape shape = Shape.of(2, 9, 8, 4);
            for (Parameter parameter : layer.parameters()) {
                float[] values = new RandomArrays(7).normal(parameter.shape().size(), 1, 0.3);
                System.arraycopy(values, 0, parameter.value().array(), 0, values.length);
                Arrays.fill(parameter.gradient().array(), 0);
            }
            try (var workers = new Workers(2)) {
                var workspace = new Workspace(new Compute(kernels, workers));
                var tape = new Tape(workspace, format);
                Tensor x = workspace.in(format, Tensor.wrap(new RandomArrays(2).normal(shape.size(), 0, 1), shape));
                long before = workspace.allocatedBytes();
                Tensor output = layer.forward(x, tape).copy();
                long kept = workspace.allocatedBytes() - before;
                Tensor dy = workspace.in(
                        format, Tensor.wrap(new RandomArrays(3).normal(output.size(), 0, 1), output.shape()));
                Tensor dx = layer.backward(dy, tape).copy();
                assertTrue(tape.isEmpty());
                return new Step(
                        output,
                        dx,
                        layer.parameters().stream()
                                .map(parameter -> parameter.gradient().array().clone())
                                .toList(),
                        kept);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void normalizationsAreComputedAgainWithTheSameBitsInLessMemory(Format format) {
        List<Layer> layers = List.of(
                new BatchNorm2d("bn1", 4, Activation.RELU),
                Conv2d.same("conv1", 4, 4, 3, 1),
                new BatchNorm2d("bn2", 4, Activation.RELU),
                Conv2d.same("conv2", 4, 4, 3, 1),
                new BatchNorm2d("bn3", 4, Activation.NONE),
                new MaxPool2d("pool", 3, 2, 1),
                new BatchNorm2d("bn4", 4, Activation.RELU));
        // A sequence of one layer each keeps every result.
        var apart = new Sequential(
                "apart",
                layers.stream()
                        .map(layer -> (Layer) new Sequential(layer.name(), List.of(layer)))
                        .toList());
        Step kept = Step.of(apart, format, KernelLookup.best());
        Step again = Step.of(new Sequential("together", layers), format, KernelLookup.best());
        assertArrayEquals(kept.output.storage(), again.output.storage());
        assertArrayEquals(kept.inputGradient.storage(), again.inputGradient.storage());
        for (int i = 0; i < kept.gradients.size(); i++) {
            assertArrayEquals(kept.gradients.get(i), again.gradients.get(i));
        }
        assertTrue(again.bytes < kept.bytes, again.bytes + " bytes instead of " + kept.bytes);
    }
}
