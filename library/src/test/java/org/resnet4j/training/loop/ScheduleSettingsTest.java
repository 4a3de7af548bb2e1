package org.resnet4j.training.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.resnet4j.training.LearningRate;
import org.resnet4j.training.Schedule;

/** Names and values that checkpoints of users hold: a change makes them unusable and needs another version of the format. */
class ScheduleSettingsTest {
    @Test
    void learningRatesHaveScheduleSettings() {
        assertEquals(
                Map.of(
                        "learning rate", "0.1",
                        "schedule", "one-cycle",
                        "rising share of the schedule", "0.3",
                        "start divisor of the schedule", "25.0",
                        "end divisor of the schedule", "10000.0",
                        "warm-up epochs", "0.0",
                        "warm-up start", "0.01"),
                ScheduleSettings.of(new LearningRate(0.1, new Schedule.OneCycle())));
        assertEquals(
                "0.0",
                ScheduleSettings.of(new LearningRate(1, new Schedule.Cosine())).get("floor of the schedule"));
        Map<String, String> steps =
                ScheduleSettings.of(new LearningRate(1, new Schedule.Steps(List.of(2.0, 3.5), 0.1)).withWarmUp(1.5));
        assertEquals("step", steps.get("schedule"));
        assertEquals("2.0, 3.5", steps.get("milestones"));
        assertEquals("0.1", steps.get("factor of each milestone"));
        assertEquals("1.5", steps.get("warm-up epochs"));
        assertEquals(
                "constant",
                ScheduleSettings.of(new LearningRate(1, new Schedule.Constant()))
                        .get("schedule"));
    }
}
