package org.resnet4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names and values that checkpoints of users hold: a change makes them unusable and needs another version of the format. */
class NamedSettingsTest {
    @Test
    void optimizersHaveNamedSettings() {
        assertEquals(
                Map.of(
                        "optimizer", "sgd",
                        "momentum", "0.9",
                        "nesterov", "true",
                        "weight decay", "5.0E-4",
                        "weight decay of norm and bias", "false"),
                NamedSettings.of(new Optimizer.Sgd(0.9, true, 5e-4, false)));
        assertEquals(
                Map.of(
                        "optimizer", "adamw",
                        "beta1", "0.9",
                        "beta2", "0.999",
                        "epsilon", "1.0E-8",
                        "weight decay", "0.01",
                        "weight decay of norm and bias", "false"),
                NamedSettings.of(new Optimizer.AdamW()));
    }

    @Test
    void learningRatesHaveNamedSettings() {
        assertEquals(
                Map.of(
                        "learning rate", "0.1",
                        "schedule", "one-cycle",
                        "rising share of the schedule", "0.3",
                        "start divisor of the schedule", "25.0",
                        "end divisor of the schedule", "10000.0",
                        "warm-up epochs", "0.0",
                        "warm-up start", "0.01"),
                NamedSettings.of(new LearningRate(0.1, new Schedule.OneCycle())));
        assertEquals(
                "0.0",
                NamedSettings.of(new LearningRate(1, new Schedule.Cosine())).get("floor of the schedule"));
        Map<String, String> steps =
                NamedSettings.of(new LearningRate(1, new Schedule.Steps(List.of(2.0, 3.5), 0.1)).withWarmUp(1.5));
        assertEquals("step", steps.get("schedule"));
        assertEquals("2.0, 3.5", steps.get("milestones"));
        assertEquals("0.1", steps.get("factor of each milestone"));
        assertEquals("1.5", steps.get("warm-up epochs"));
        assertEquals(
                "constant",
                NamedSettings.of(new LearningRate(1, new Schedule.Constant())).get("schedule"));
    }
}
