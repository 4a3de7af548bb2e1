package org.resnet4j.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.resnet4j.kernel.Closeness.assertClose;
import static org.resnet4j.kernel.DoubleReference.add;
import static org.resnet4j.kernel.DoubleReference.batchNorm;
import static org.resnet4j.kernel.DoubleReference.mean;
import static org.resnet4j.kernel.DoubleReference.normalize;
import static org.resnet4j.kernel.DoubleReference.relu;
import static org.resnet4j.kernel.DoubleReference.variance;
import static org.resnet4j.kernel.DoubleReference.widen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

class BatchNorm2dTest {
    /** 19 channels are a whole vector and a remainder on every machine. */
    private static final Shape INPUT = Shape.of(2, 3, 2, 19);

    private static final int CHANNELS = 19;

    static List<Object[]> cases() {
        var cases = new ArrayList<Object[]>();
        for (Named<Kernels> kernels : LayerRun.kernels()) {
            for (Activation activation : Activation.values()) {
                cases.add(new Object[] {kernels, activation});
            }
        }
        return cases;
    }

    static List<Named<Kernels>> kernels() {
        return LayerRun.kernels();
    }

    private static UnaryOperator<double[]> after(Activation activation) {
        return activation == Activation.RELU ? y -> relu(y) : y -> y;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsThroughTheBatchStatisticsAreFiniteDifferences(Kernels kernels, Activation activation) {
        var run = LayerRun.of(new BatchNorm2d("bn", CHANNELS, activation), kernels, INPUT, 1);
        double[] x = run.x();
        double[] gamma = run.parameter("weight");
        double[] beta = run.parameter("bias");
        UnaryOperator<double[]> after = after(activation);
        run.assertInput(moved -> after.apply(batchNorm(moved, gamma, beta)))
                .assertParameter("weight", moved -> after.apply(batchNorm(x, moved, beta)))
                .assertParameter("bias", moved -> after.apply(batchNorm(x, gamma, moved)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsThroughTheSumWithAShortcutAreFiniteDifferences(Kernels kernels, Activation activation) {
        var random = new RandomArrays(2);
        var layer = new BatchNorm2d("bn", CHANNELS, activation);
        Tensor x = Tensor.wrap(random.normal(INPUT.size(), 0, 1), INPUT);
        Tensor residual = Tensor.wrap(random.normal(INPUT.size(), 0, 1), INPUT);
        Tensor dy = Tensor.wrap(random.mixed(INPUT.size()), INPUT);
        System.arraycopy(random.mixed(CHANNELS), 0, layer.scale().value().array(), 0, CHANNELS);
        double[] gamma = widen(layer.scale().value().array());
        double[] beta = new double[CHANNELS];
        double[] wide = widen(x.array());
        double[] added = widen(residual.array());
        double[] weights = widen(dy.array());
        UnaryOperator<double[]> after = after(activation);
        try (var workers = new Workers(2)) {
            var tape = new Tape(new Workspace(new Compute(kernels, workers)));
            Tensor y = layer.forwardSum(x, residual, tape);
            assertClose(after.apply(add(batchNorm(wide, gamma, beta), added)), y.array(), 2e-6, "forward");
            BatchNorm2d.Gradients gradients = layer.backwardSum(Gradient.of(dy.copy()), tape);
            assertTrue(tape.isEmpty());
            assertClose(
                    FiniteDifferences.gradient(
                            moved -> after.apply(add(batchNorm(moved, gamma, beta), added)), wide, weights),
                    gradients.input().read(tape.workspace()).array(),
                    1e-4,
                    "gradient to the input");
            Tensor toResidual = gradients.residual().read(tape.workspace());
            assertClose(
                    FiniteDifferences.gradient(
                            moved -> after.apply(add(batchNorm(wide, gamma, beta), moved)), added, weights),
                    toResidual.array(),
                    1e-4,
                    "gradient to the shortcut");
            assertClose(
                    FiniteDifferences.gradient(
                            moved -> after.apply(add(batchNorm(wide, moved, beta), added)), gamma, weights),
                    layer.scale().gradient().array(),
                    1e-4,
                    "gradient to gamma");
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void runningValuesMoveATenthOfTheWayAndTheirVarianceIsUnbiased(Kernels kernels) {
        var random = new RandomArrays(3);
        var layer = new BatchNorm2d("bn", CHANNELS, Activation.NONE);
        double[] runningMean = new double[CHANNELS];
        double[] runningVariance = new double[CHANNELS];
        Arrays.fill(runningVariance, 1);
        int n = INPUT.size() / CHANNELS;
        try (var workers = new Workers(1)) {
            var tape = new Tape(new Workspace(new Compute(kernels, workers)));
            for (int step = 0; step < 3; step++) {
                Tensor x = Tensor.wrap(random.normal(INPUT.size(), 5, 3), INPUT);
                Tensor dy = Tensor.zeros(INPUT);
                layer.forward(x, tape);
                tape.workspace().release(layer.backward(dy, tape));
                double[] mean = mean(CHANNELS, widen(x.array()));
                double[] variance = variance(CHANNELS, widen(x.array()));
                for (int c = 0; c < CHANNELS; c++) {
                    runningMean[c] = 0.9 * runningMean[c] + 0.1 * mean[c];
                    runningVariance[c] = 0.9 * runningVariance[c] + 0.1 * variance[c] * n / (n - 1);
                }
            }
        }
        assertEquals(
                List.of("bn.running_mean", "bn.running_var"),
                layer.buffers().stream().map(StateBuffer::name).toList());
        assertClose(runningMean, layer.buffers().get(0).value().array(), 1e-5, "running mean");
        assertClose(runningVariance, layer.buffers().get(1).value().array(), 1e-5, "running variance");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void predictUsesTheRunningStatisticsAndLeavesThemAlone(Kernels kernels, Activation activation) {
        var random = new RandomArrays(4);
        var layer = new BatchNorm2d("bn", CHANNELS, activation);
        float[] runningMean = layer.buffers().get(0).value().array();
        float[] runningVariance = layer.buffers().get(1).value().array();
        System.arraycopy(random.normal(CHANNELS, 0, 2), 0, runningMean, 0, CHANNELS);
        System.arraycopy(random.uniform(CHANNELS, 0.1, 4), 0, runningVariance, 0, CHANNELS);
        float[] beforeMean = runningMean.clone();
        float[] beforeVariance = runningVariance.clone();
        System.arraycopy(random.mixed(CHANNELS), 0, layer.scale().value().array(), 0, CHANNELS);
        Tensor x = Tensor.wrap(random.normal(INPUT.size(), 0, 1), INPUT);
        Tensor residual = Tensor.wrap(random.normal(INPUT.size(), 0, 1), INPUT);
        double[] normal = normalize(
                widen(x.array()),
                widen(runningMean),
                widen(runningVariance),
                widen(layer.scale().value().array()),
                new double[CHANNELS]);
        try (var workers = new Workers(1)) {
            var workspace = new Workspace(new Compute(kernels, workers));
            UnaryOperator<double[]> after = after(activation);
            assertClose(after.apply(normal), layer.predict(x, workspace).array(), 2e-6, "predict");
            assertClose(
                    after.apply(add(normal, widen(residual.array()))),
                    layer.predictSum(x, residual, workspace).array(),
                    2e-6,
                    "predict with a shortcut");
        }
        assertClose(widen(beforeMean), runningMean, 0, "running mean");
        assertClose(widen(beforeVariance), runningVariance, 0, "running variance");
    }

    @Test
    void predictTakesASingleValueAChannelThatTrainingRefuses() {
        var layer = new BatchNorm2d("layer4.0.bn1", 3, Activation.NONE);
        Tensor x = Tensor.zeros(1, 1, 1, 3);
        try (var workers = new Workers(1)) {
            var workspace = new Workspace(new Compute(KernelLookup.scalar(), workers));
            assertEquals(x.shape(), layer.predict(x, workspace).shape());
            var tape = new Tape(workspace);
            var thrown = assertThrows(IllegalArgumentException.class, () -> layer.forward(x, tape));
            assertTrue(thrown.getMessage().contains("layer4.0.bn1"), thrown.getMessage());
            assertTrue(thrown.getMessage().contains("more than one value per channel"), thrown.getMessage());
            assertTrue(thrown.getMessage().contains("[1, 1, 1, 3]"), thrown.getMessage());
            assertEquals(0f, layer.buffers().getFirst().value().array()[0], "nothing has moved");
        }
    }

    @Test
    void wrongShapesAreNamedWithWhatWasExpected() {
        var layer = new BatchNorm2d("bn1", 3, Activation.NONE);
        var thrown = assertThrows(ShapeMismatchException.class, () -> layer.outputShape(Shape.of(2, 4, 4, 5)));
        assertEquals("batch norm bn1: expected shape [N, H, W, 3], got [2, 4, 4, 5]", thrown.getMessage());
        try (var workers = new Workers(1)) {
            var tape = new Tape(new Workspace(new Compute(KernelLookup.scalar(), workers)));
            Tensor x = Tensor.zeros(2, 4, 4, 3);
            Tensor other = Tensor.zeros(2, 2, 2, 3);
            thrown = assertThrows(ShapeMismatchException.class, () -> layer.forwardSum(x, other, tape));
            assertEquals("shortcut added at bn1: expected shape [2, 4, 4, 3], got [2, 2, 2, 3]", thrown.getMessage());
        }
    }

    @Test
    void beginsAsGammaOneAndBetaZero() {
        var layer = new BatchNorm2d("bn", 2, Activation.RELU);
        assertEquals(
                List.of("bn.weight", "bn.bias"),
                layer.parameters().stream().map(Parameter::name).toList());
        assertClose(new double[] {1, 1}, layer.parameters().get(0).value().array(), 0, "gamma");
        assertClose(new double[2], layer.parameters().get(1).value().array(), 0, "beta");
        assertClose(new double[2], layer.buffers().get(0).value().array(), 0, "running mean");
        assertClose(new double[] {1, 1}, layer.buffers().get(1).value().array(), 0, "running variance");
    }
}
