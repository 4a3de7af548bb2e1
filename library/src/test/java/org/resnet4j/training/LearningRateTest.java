package org.resnet4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.resnet4j.training.Schedule.RunLength;

class LearningRateTest {
    private static final RunLength LENGTH = new RunLength(5, 4);

    private static final Map<String, LearningRate> CASES = Map.of(
            "steps", new LearningRate(0.5, new Schedule.Steps(List.of(2.0, 4.0), 0.1)),
            "cosine", new LearningRate(0.5, new Schedule.Cosine()),
            "cosine-floor", new LearningRate(0.5, new Schedule.Cosine(0.1)),
            "cosine-warm-up", new LearningRate(0.5, new Schedule.Cosine()).withWarmUp(1),
            "one-cycle", new LearningRate(0.5, new Schedule.OneCycle()),
            "one-cycle-custom", new LearningRate(0.5, new Schedule.OneCycle(0.25, 10, 100)));

    @Test
    void ratesAreThoseOfTorch() throws IOException {
        Map<String, List<double[]>> fixture = Fixture.read("schedules.csv");
        assertEquals(CASES.keySet(), fixture.keySet());
        fixture.forEach((name, rows) -> {
            for (double[] row : rows) {
                assertEquals(row[1], CASES.get(name).at((long) row[0], LENGTH), 1e-12, name + " step " + row[0]);
            }
        });
    }

    @Test
    void warmUpDoesNotMoveMilestones() {
        LearningRate rate = new LearningRate(1, new Schedule.Steps(List.of(2.0), 0.1), 1, 0.1);
        assertEquals(0.1, rate.at(0, LENGTH));
        assertEquals(0.325, rate.at(1, LENGTH), 1e-12);
        assertEquals(1, rate.at(4, LENGTH));
        assertEquals(1, rate.at(7, LENGTH));
        assertEquals(0.1, rate.at(8, LENGTH));
    }

    @Test
    void shortestRunsHaveFiniteRates() {
        RunLength one = new RunLength(1, 1);
        for (Schedule schedule : List.of(
                new Schedule.Constant(),
                new Schedule.Steps(List.of(0.5), 0.1),
                new Schedule.Cosine(),
                new Schedule.OneCycle())) {
            double rate = new LearningRate(1, schedule).at(0, one);
            assertEquals(true, rate > 0 && rate <= 1, schedule + " gives " + rate);
        }
        assertEquals(0.5, new LearningRate(1, new Schedule.Cosine(), 3, 0.5).at(0, one));
    }

    @Test
    void settingsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new LearningRate(0, new Schedule.Constant()));
        assertThrows(IllegalArgumentException.class, () -> new LearningRate(Double.NaN, new Schedule.Constant()));
        assertThrows(IllegalArgumentException.class, () -> new LearningRate(1, new Schedule.OneCycle()).withWarmUp(1));
        assertThrows(IllegalArgumentException.class, () -> new Schedule.Steps(List.of(2.0, 1.0), 0.1));
        assertThrows(IllegalArgumentException.class, () -> CASES.get("cosine").at(20, LENGTH));
        assertThrows(IllegalArgumentException.class, () -> new RunLength(0, 1));
    }
}
