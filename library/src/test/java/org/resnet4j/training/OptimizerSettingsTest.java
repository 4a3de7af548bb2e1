package org.resnet4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names and values that checkpoints of users hold: a change makes them unusable and needs another version of the format. */
class OptimizerSettingsTest {
    @Test
    void optimizersHaveOptimizerSettings() {
        assertEquals(
                Map.of(
                        "optimizer", "sgd",
                        "momentum", "0.9",
                        "nesterov", "true",
                        "weight decay", "5.0E-4",
                        "weight decay of norm and bias", "false"),
                OptimizerSettings.of(new Optimizer.Sgd(0.9, true, 5e-4, false)));
        assertEquals(
                Map.of(
                        "optimizer", "adamw",
                        "beta1", "0.9",
                        "beta2", "0.999",
                        "epsilon", "1.0E-8",
                        "weight decay", "0.01",
                        "weight decay of norm and bias", "false"),
                OptimizerSettings.of(new Optimizer.AdamW()));
    }
}
