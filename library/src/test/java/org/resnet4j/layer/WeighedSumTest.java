package org.resnet4j.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * Tests the aspects of weighted sums that finite differences of whole blocks do not show: random numbers, evaluation
 * and rejected arguments.
 */
class WeighedSumTest {
    private static final Shape SHAPE = Shape.of(5, 7, 9, 4);

    private final Workers workers = new Workers(2);
    private final Workspace workspace = new Workspace(new Compute(KernelLookup.vector(), workers));
    private final Tensor f = Tensor.wrap(new RandomArrays(1).normal(SHAPE.size(), 0, 1), SHAPE);
    private final Tensor s = Tensor.wrap(new RandomArrays(2).uniform(SHAPE.size(), 0.5, 1), SHAPE);

    private float[] dropped(int block, long seed) {
        var tape = new Tape(workspace);
        tape.begin(StepRandom.seeded(seed));
        Tensor sum = new DropoutSum(new Addition("end"), block).forwardSum(Tensor.zeros(5, 7, 9, 4), s, tape);
        return sum.copy().array();
    }

    @Test
    void dropoutLeavesOutHalfAndDoublesTheOthers() {
        float[] sum = dropped(3, 1);
        int left = 0;
        for (int i = 0; i < sum.length; i++) {
            left += sum[i] == 0 ? 1 : 0;
            assertTrue(sum[i] == 0 || sum[i] == 2 * s.array()[i]);
        }
        assertEquals(0.5, (double) left / sum.length, 0.05);
    }

    @Test
    void everyBlockImageAndStepDrawsForItself() {
        float[] sum = dropped(3, 1);
        assertArrayEquals(sum, dropped(3, 1));
        int image = SHAPE.size() / 5;
        var draws = new ArrayList<float[]>();
        for (float[] all : List.of(sum, dropped(4, 1), dropped(3, 2))) {
            for (int i = 0; i < 5; i++) {
                draws.add(Arrays.copyOfRange(all, i * image, (i + 1) * image));
            }
        }
        for (int i = 0; i < draws.size(); i++) {
            for (int j = 0; j < i; j++) {
                int same = 0;
                for (int k = 0; k < image; k++) {
                    same += (draws.get(i)[k] == 0) == (draws.get(j)[k] == 0) ? 1 : 0;
                }
                assertEquals(0.5, (double) same / image, 0.15, i + " and " + j);
            }
        }
    }

    @Test
    void evaluationDropsNothing() {
        for (SummingLayer end : List.of(new Addition("end"), new BatchNorm2d("end", 4, Activation.RELU))) {
            float[] expected = end.predictSum(f.copy(), s, workspace).copy().array();
            float[] actual = new DropoutSum(end, 0)
                    .predictSum(f.copy(), s, workspace)
                    .copy()
                    .array();
            assertArrayEquals(expected, actual);
        }
    }

    @Test
    void closedGatesLeaveTheShortcutAlone() {
        var gated = new GatedSum(new Addition("end"), "gate", 4, true);
        Arrays.fill(gated.bias().value().array(), -200f);
        assertArrayEquals(
                s.array(), gated.predictSum(f.copy(), s, workspace).copy().array());
        assertArrayEquals(
                s.array(),
                gated.forwardSum(f.copy(), s, new Tape(workspace)).copy().array());
    }

    @Test
    void theSameGatesServeAnotherEnd() {
        var gated = new GatedSum(new BatchNorm2d("norm", 4, Activation.RELU), "gate", 4, false);
        assertTrue(gated.hasRelu());
        SummingLayer plain = gated.withoutActivation();
        assertFalse(plain.hasRelu());
        assertEquals(gated.parameters(), plain.parameters());
        assertEquals(
                List.of("norm.weight", "norm.bias", "gate.weight", "gate.bias"),
                gated.parameters().stream().map(Parameter::name).toList());
    }

    @Test
    void aSumOfOnePartCannotBeWeighed() {
        var scaled = new ScaledSum(new Addition("end"), 0.5f);
        assertThrows(IllegalArgumentException.class, () -> scaled.forward(f.copy(), new Tape(workspace)));
        assertThrows(IllegalArgumentException.class, () -> scaled.predict(f.copy(), workspace));
        assertThrows(
                ShapeMismatchException.class,
                () -> scaled.forwardSum(f.copy(), Tensor.zeros(5, 7, 9, 3), new Tape(workspace)));
    }
}
