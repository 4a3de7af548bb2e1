package org.resnet4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.UpdateKernel;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Parameter;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

class OptimizerTest {
    private static final Map<String, Optimizer> CASES = Map.of(
            "sgd", new Optimizer.Sgd(0, false, 0, true),
            "sgd-momentum", new Optimizer.Sgd(0.9, false, 0.05, true),
            "sgd-nesterov", new Optimizer.Sgd(0.8, true, 0.01, true),
            "adamw", new Optimizer.AdamW(),
            "adamw-betas", new Optimizer.AdamW(0.8, 0.95, 1e-3, 0.2, true));

    private final Workers workers = new Workers(1);

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    void stepsAreThoseOfTorch() throws IOException {
        Map<String, List<double[]>> fixture = Fixture.read("optimizers.csv");
        assertEquals(CASES.keySet(), fixture.keySet());
        fixture.forEach((name, rows) -> {
            Parameter w = parameter(Parameter.Role.CONVOLUTION_WEIGHT);
            OptimizerState state = state(CASES.get(name), w);
            for (double[] row : rows) {
                for (int i = 0; i < 4; i++) {
                    w.gradient().array()[i] = (float) row[2 + i];
                }
                step(state, w, row[1]);
                for (int i = 0; i < 4; i++) {
                    double expected = row[6 + i];
                    assertEquals(expected, w.value().array()[i], 2e-6, name + " step " + row[0] + " element " + i);
                }
            }
        });
    }

    @Test
    void weightDecayIsLeftOutForNormAndBiasWhereAsked() {
        for (Parameter.Role role : Parameter.Role.values()) {
            boolean weight = role == Parameter.Role.CONVOLUTION_WEIGHT || role == Parameter.Role.LINEAR_WEIGHT;
            for (boolean decayAll : new boolean[] {true, false}) {
                for (Optimizer optimizer : List.of(
                        new Optimizer.Sgd(0.9, false, 0.1, decayAll),
                        new Optimizer.AdamW(0.9, 0.99, 1e-8, 0.1, decayAll))) {
                    Parameter w = parameter(role);
                    step(state(optimizer, w), w, 0.5);
                    if (weight || decayAll) {
                        assertEquals(0.95f, w.value().array()[0], 1e-6f, role + " " + optimizer);
                    } else {
                        assertEquals(1, w.value().array()[0], role + " " + optimizer);
                    }
                }
            }
        }
    }

    @Test
    void stateMovesToAnotherOptimizer() {
        for (Optimizer optimizer : CASES.values()) {
            Parameter first = parameter(Parameter.Role.LINEAR_WEIGHT);
            OptimizerState one = state(optimizer, first);
            for (int i = 0; i < 2; i++) {
                first.gradient().array()[0] = 1;
                step(one, first, 0.1);
            }
            var saved = new SessionState.Builder();
            one.save(saved);

            Parameter second = new Parameter(
                    "w", first.role(), first.value().copy(), first.gradient().copy());
            OptimizerState other = state(optimizer, second);
            other.restore(saved.build().copy());
            first.gradient().array()[0] = 1;
            second.gradient().array()[0] = 1;
            step(one, first, 0.1);
            step(other, second, 0.1);
            assertEquals(first.value().array()[0], second.value().array()[0]);
            assertNotEquals(1f, first.value().array()[0]);
        }
    }

    @Test
    void settingsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new Optimizer.Sgd(1, false, 0, true));
        assertThrows(IllegalArgumentException.class, () -> new Optimizer.Sgd(0, true, 0, true));
        assertThrows(IllegalArgumentException.class, () -> new Optimizer.Sgd(0.9, true, -1, true));
        assertThrows(IllegalArgumentException.class, () -> new Optimizer.AdamW(0.9, 0.999, 0, 0, true));
        assertThrows(IllegalArgumentException.class, () -> new Optimizer.AdamW(0.9, Double.NaN, 1, 0, true));
    }

    private OptimizerState state(Optimizer optimizer, Parameter parameter) {
        return new OptimizerState(optimizer, List.of(parameter), new Compute(KernelLookup.scalar(), workers));
    }

    private static void step(OptimizerState state, Parameter parameter, double learningRate) {
        state.step(
                List.of(state.slot(parameter, UpdateKernel.Slot.NONE)),
                new UpdateKernel.Step((float) learningRate, 1, 0));
    }

    private static Parameter parameter(Parameter.Role role) {
        return new Parameter("w", role, Tensor.wrap(new float[] {1, -2, 0.5f, 3}, Shape.of(4)));
    }
}
