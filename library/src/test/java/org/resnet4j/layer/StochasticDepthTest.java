package org.resnet4j.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.resnet4j.kernel.Closeness.assertClose;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
import org.resnet4j.tensor.Tensor;

class StochasticDepthTest {
    private static final Shape SHAPE = Shape.of(6, 3, 4, 5);

    static List<Named<Kernels>> kernels() {
        return LayerRun.kernels();
    }

    private static float[] draw(double rate, long seed, int block, int blocks, int images) {
        var factors = new float[images];
        new StochasticDepth(rate).draw(StepRandom.seeded(seed).at(block), block, blocks, factors, images);
        return factors;
    }

    @Test
    void theFirstBlockStaysAndTheLastGoesAsOftenAsTheRateSays() {
        for (int block = 0; block < 5; block++) {
            float[] factors = draw(0.4, 7, block, 5, 20_000);
            double keep = 1 - 0.1 * block;
            int left = 0;
            double sum = 0;
            for (float factor : factors) {
                left += factor == 0 ? 1 : 0;
                sum += factor;
                assertTrue(factor == 0 || Math.abs(factor - 1 / keep) < 1e-6, "factor " + factor);
            }
            assertEquals(1 - keep, left / 20_000.0, 0.015, "block " + block);
            assertEquals(1, sum / 20_000, 0.03, "the mean stays");
        }
    }

    @Test
    void theSameSeedDrawsTheSameAndBlocksDrawApart() {
        assertArrayEquals(draw(0.5, 1, 3, 4, 100), draw(0.5, 1, 3, 4, 100));
        assertFalse(Arrays.equals(draw(0.5, 1, 3, 4, 100), draw(0.5, 2, 3, 4, 100)));
        assertFalse(Arrays.equals(draw(0.5, 1, 3, 4, 100), draw(0.5, 1, 2, 4, 100)));
    }

    @Test
    void aRateIsAShareBelowOne() {
        assertThrows(IllegalArgumentException.class, () -> new StochasticDepth(1));
        assertThrows(IllegalArgumentException.class, () -> new StochasticDepth(-0.1));
        assertThrows(IllegalArgumentException.class, () -> new StochasticDepth(Double.NaN));
    }

    /** Returns each kind of layer that ends a branch, in a step that drops the branch of some images. */
    private static List<SummingLayer> ends() {
        var norm = new BatchNorm2d("end", 5, Activation.RELU);
        var gate = new SqueezeExcitation("end", 5, 3);
        var random = new RandomArrays(3);
        for (SummingLayer layer : List.of(norm, gate)) {
            for (Parameter parameter : layer.parameters()) {
                float[] drawn = random.uniform(parameter.shape().size(), -1, 1);
                System.arraycopy(drawn, 0, parameter.value().array(), 0, drawn.length);
            }
        }
        return List.of(norm, gate, new Addition("end"));
    }

    /**
     * For a dropped image the result is the shortcut alone. For the others it is the end's function of its input, times
     * 1 / keep, plus the shortcut. Gradients are compared with the end's own, scaled by hand.
     */
    @ParameterizedTest
    @MethodSource("kernels")
    void imagesThatAreLeftOutHaveTheirShortcutAlone(Kernels kernels) {
        try (var workers = new Workers(2)) {
            for (SummingLayer end : ends()) {
                check(end, kernels, workers);
            }
        }
    }

    private static void check(SummingLayer end, Kernels kernels, Workers workers) {
        var random = new RandomArrays(5);
        boolean relu = end.hasRelu();
        float[] x = random.normal(SHAPE.size(), 0, 1);
        float[] s = random.normal(SHAPE.size(), 0, 1);
        float[] dy = random.mixed(SHAPE.size());
        float[] factors = draw(0.5, 11, 1, 2, 6);
        assertTrue(Arrays.stream(new int[] {0, 1, 2, 3, 4, 5}).anyMatch(i -> factors[i] == 0), "some are left out");
        assertTrue(Arrays.stream(new int[] {0, 1, 2, 3, 4, 5}).anyMatch(i -> factors[i] > 0), "some stay");
        int size = SHAPE.size() / 6;

        var plainTape = new Tape(new Workspace(new Compute(kernels, workers)));
        float[] plain = end.withoutActivation()
                .forward(Tensor.wrap(x.clone(), SHAPE), plainTape)
                .copy()
                .array();
        float[] expected = new float[plain.length];
        float[] expectedD = new float[plain.length];
        float[] throughEnd = new float[plain.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = factors[i / size] * plain[i] + s[i];
            expectedD[i] = relu && expected[i] <= 0 ? 0 : dy[i];
            expected[i] = relu ? Math.max(0, expected[i]) : expected[i];
            throughEnd[i] = factors[i / size] * expectedD[i];
        }
        float[] expectedDx = end.withoutActivation()
                .backward(Tensor.wrap(throughEnd, SHAPE), plainTape)
                .copy()
                .array();

        var tape = new Tape(new Workspace(new Compute(kernels, workers)));
        tape.begin(new StepRandom(11, Optional.of(new StochasticDepth(0.5))));
        var sum = new StochasticSum(end, 1, 2);
        Tensor y = sum.forwardSum(Tensor.wrap(x.clone(), SHAPE), Tensor.wrap(s.clone(), SHAPE), tape);
        assertClose(expected, y.copy().array(), expected.length, 1e-6, end.getClass());
        SummingLayer.Gradients gradients = sum.backwardSum(Gradient.of(Tensor.wrap(dy.clone(), SHAPE)), tape);
        assertClose(expectedD, gradients.residual().read(tape.workspace()).array(), expected.length, 0, end.getClass());
        assertClose(
                expectedDx, gradients.input().read(tape.workspace()).array(), expected.length, 1e-6, end.getClass());
        assertTrue(tape.isEmpty());
    }

    @Test
    void withoutADrawThereIsNoStep() {
        try (var workers = new Workers(1)) {
            var tape = new Tape(new Workspace(new Compute(KernelLookup.scalar(), workers)));
            var sum = new StochasticSum(new Addition("end"), 0, 1);
            assertThrows(IllegalStateException.class, () -> sum.forwardSum(Tensor.zeros(1, 1, 1, 1), null, tape));
        }
    }
}
