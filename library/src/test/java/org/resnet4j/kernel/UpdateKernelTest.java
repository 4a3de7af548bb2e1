package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.resnet4j.kernel.Closeness.assertClose;
import static org.resnet4j.kernel.Closeness.assertSameBits;
import static org.resnet4j.kernel.DoubleReference.widen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.resnet4j.kernel.UpdateKernel.Slot;
import org.resnet4j.kernel.UpdateKernel.Step;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;

/** Compares the steps of the optimizers with their formulas, in double precision and bit by bit. */
class UpdateKernelTest {
    private static final Workers WORKERS = new Workers(2);
    static final List<Named<UpdateKernel>> KERNELS = List.of(
            Named.of("scalar", KernelLookup.scalar().update()),
            Named.of("vector", KernelLookup.vector().update()));
    private static final int SIZE = 16 * 1024 + 5;
    private static final int STEPS = 5;

    /** Small ones that share a chunk, one that begins in it and ends in another, one of many chunks, an empty one. */
    private static final List<Integer> SIZES = List.of(1, 15, 0, 17, 16 * 1024, 3, 5 * 16 * 1024 + 7, 64, 1);

    /** Elements beyond the end, which must not change. */
    private static final int SPARE = 2;

    private static final Step STEP = new Step(0.1f, 0.75f, 0.9f);

    private final RandomArrays random = new RandomArrays(9);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    /** The optimizers, for tests that apply to all of them. */
    private enum Rule {
        DESCENT,
        NESTEROV,
        ADAM;

        void step(UpdateKernel kernel, List<Slot> slots, Step step, int t, Workers workers) {
            switch (this) {
                case DESCENT -> kernel.sgd(slots, step, 0.9f, false, workers);
                case NESTEROV -> kernel.sgd(slots, step, 0.9f, true, workers);
                case ADAM -> kernel.adamW(slots, step, t, 0.9f, 0.999f, 1e-8f, workers);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void stochasticGradientDescentFollowsItsFormula(UpdateKernel kernel) {
        for (boolean nesterov : new boolean[] {false, true}) {
            float[] w = random.normal(SIZE, 0, 1);
            float[] velocity = new float[SIZE];
            double[] expected = widen(w);
            double[] v = new double[SIZE];
            for (int step = 0; step < STEPS; step++) {
                float[] dw = random.normal(SIZE, 0, 1);
                double[] given = widen(dw);
                var slot = new Slot(SIZE, w, dw, velocity, Slot.NONE, 0.01f, Slot.NONE);
                kernel.sgd(List.of(slot), new Step(0.1f, 0.75f, 0), 0.9f, nesterov, WORKERS);
                for (int i = 0; i < SIZE; i++) {
                    double gradient = 0.75 * given[i] + 0.01 * expected[i];
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
    void adamWithDecoupledDecayFollowsItsFormula(UpdateKernel kernel) {
        float[] w = random.normal(SIZE, 0, 1);
        float[] m = new float[SIZE];
        float[] v = new float[SIZE];
        double[] expected = widen(w);
        double[] means = new double[SIZE];
        double[] squares = new double[SIZE];
        for (int t = 1; t <= STEPS; t++) {
            float[] dw = random.normal(SIZE, 0, 1);
            double[] given = widen(dw);
            var slot = new Slot(SIZE, w, dw, m, v, 0.1f, Slot.NONE);
            kernel.adamW(List.of(slot), new Step(1e-2f, 0.75f, 0), t, 0.9f, 0.999f, 1e-8f, WORKERS);
            for (int i = 0; i < SIZE; i++) {
                double gradient = 0.75 * given[i];
                means[i] = 0.9 * means[i] + 0.1 * gradient;
                squares[i] = 0.999 * squares[i] + 0.001 * gradient * gradient;
                double mean = means[i] / (1 - Math.pow(0.9, t));
                double square = squares[i] / (1 - Math.pow(0.999, t));
                expected[i] -= 1e-2 * 0.1 * expected[i];
                expected[i] -= 1e-2 * mean / (Math.sqrt(square) + 1e-8);
            }
        }
        assertClose(expected, w, 1e-5, "weights");
        assertClose(means, m, 1e-5, "first moment");
        assertClose(squares, v, 1e-4, "second moment");
    }

    /**
     * The decay is applied before the momentum, and each product is rounded separately; a factor of 1 changes nothing.
     */
    @ParameterizedTest
    @FieldSource("KERNELS")
    void stochasticGradientDescentHasTheBitsOfItsFormula(UpdateKernel kernel) {
        Slot slot = trained(SIZE);
        float[] w = slot.value().clone();
        float[] velocity = slot.first().clone();
        for (int i = 0; i < SIZE; i++) {
            float gradient = slot.gradient()[i] + slot.decay() * w[i];
            velocity[i] = 0.9f * velocity[i] + gradient;
            w[i] -= 0.1f * velocity[i];
        }
        kernel.sgd(List.of(slot), new Step(0.1f, 1, 0.9f), 0.9f, false, WORKERS);
        assertSameBits(w, slot.value(), "weights");
        assertSameBits(velocity, slot.first(), "velocity");
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void averageTakesTheNewValueAndTheGradientIsCleared(UpdateKernel kernel) {
        for (Rule rule : Rule.values()) {
            for (int size : SIZES) {
                Slot slot = trained(size);
                float[] before = slot.average().clone();
                float[] cleared = slot.gradient().clone();
                Arrays.fill(cleared, 0, size, 0);
                rule.step(kernel, List.of(slot), STEP, 1, WORKERS);
                assertSameBits(mixed(slot, before), slot.average(), rule + " average");
                assertSameBits(cleared, slot.gradient(), rule + " gradient");
            }
        }
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void fixedValuesStay(UpdateKernel kernel) {
        for (Rule rule : Rule.values()) {
            float[] value = random.normal(SIZE, 0, 1);
            float[] average = random.normal(SIZE, 0, 1);
            float[] averageBefore = average.clone();
            float[] gradient = random.normal(SIZE, 0, 1);
            float[] before = value.clone();
            Slot buffer = Slot.fixed(SIZE, value, Slot.NONE, average);
            Slot frozen = Slot.fixed(SIZE, value, gradient, Slot.NONE);
            rule.step(kernel, List.of(buffer, frozen), STEP, 1, WORKERS);
            assertSameBits(before, value, rule + " value");
            assertSameBits(mixed(buffer, averageBefore), average, rule + " average");
            assertSameBits(new float[SIZE], gradient, rule + " gradient");
        }
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void bitsDependNeitherOnTheThreadsNorOnTheCut(UpdateKernel kernel) {
        List<Slot> start = SIZES.stream().map(this::trained).toList();
        for (Rule rule : Rule.values()) {
            List<Slot> oneByOne = copy(start);
            for (Slot slot : oneByOne) {
                rule.step(kernel, List.of(slot), STEP, 3, WORKERS);
            }
            for (int threads = 1; threads <= 3; threads++) {
                List<Slot> together = copy(start);
                try (var workers = new Workers(threads)) {
                    rule.step(kernel, together, STEP, 3, workers);
                }
                for (int i = 0; i < start.size(); i++) {
                    String what = rule + " with " + threads + " threads, tensor " + i;
                    assertSameBits(oneByOne.get(i).value(), together.get(i).value(), what);
                    assertSameBits(oneByOne.get(i).gradient(), together.get(i).gradient(), what);
                    assertSameBits(oneByOne.get(i).first(), together.get(i).first(), what);
                    assertSameBits(oneByOne.get(i).second(), together.get(i).second(), what);
                    assertSameBits(oneByOne.get(i).average(), together.get(i).average(), what);
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void elementsBehindTheEndAreLeftAlone(UpdateKernel kernel) {
        List<Slot> slots = SIZES.stream().map(this::trained).toList();
        List<Slot> before = copy(slots);
        for (Rule rule : Rule.values()) {
            rule.step(kernel, slots, STEP, 1, WORKERS);
        }
        for (int i = 0; i < slots.size(); i++) {
            assertSameBits(behind(before.get(i)), behind(slots.get(i)), "tensor " + i);
        }
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void sumOfSquaresIsThatOfTrainedGradientsForEveryNumberOfThreads(UpdateKernel kernel) {
        var slots = new ArrayList<>(SIZES.stream().map(this::trained).toList());
        double expected = 0;
        for (Slot slot : slots) {
            for (int i = 0; i < slot.size(); i++) {
                expected += (double) slot.gradient()[i] * slot.gradient()[i];
            }
        }
        slots.add(1, Slot.fixed(SIZE, random.normal(SIZE, 0, 1), random.normal(SIZE, 0, 1), Slot.NONE));
        slots.add(2, Slot.fixed(SIZE, random.normal(SIZE, 0, 1), Slot.NONE, Slot.NONE));
        double sum = kernel.sumOfSquares(slots, WORKERS);
        assertEquals(expected, sum, 1e-12 * expected);
        for (int threads : new int[] {1, 3}) {
            try (var workers = new Workers(threads)) {
                assertEquals(sum, kernel.sumOfSquares(slots, workers));
            }
        }
    }

    private Slot trained(int size) {
        int length = size + SPARE;
        float[] squares = random.normal(length, 0, 1);
        for (int i = 0; i < length; i++) {
            squares[i] *= squares[i];
        }
        return new Slot(
                size,
                random.normal(length, 0, 1),
                random.normal(length, 0, 1),
                random.normal(length, 0, 1),
                squares,
                0.01f,
                random.normal(length, 0, 1));
    }

    /** Returns the average that the step computes from the previous one. */
    private static float[] mixed(Slot slot, float[] before) {
        float[] result = before.clone();
        for (int i = 0; i < slot.size(); i++) {
            result[i] = STEP.keep() * before[i] + (1 - STEP.keep()) * slot.value()[i];
        }
        return result;
    }

    private static List<Slot> copy(List<Slot> slots) {
        return slots.stream()
                .map(slot -> new Slot(
                        slot.size(),
                        slot.value().clone(),
                        slot.gradient().clone(),
                        slot.first().clone(),
                        slot.second().clone(),
                        slot.decay(),
                        slot.average().clone()))
                .toList();
    }

    private static float[] behind(Slot slot) {
        float[] result = new float[5 * SPARE];
        int at = 0;
        for (float[] array : List.of(slot.value(), slot.gradient(), slot.first(), slot.second(), slot.average())) {
            System.arraycopy(array, slot.size(), result, at, SPARE);
            at += SPARE;
        }
        return result;
    }
}
