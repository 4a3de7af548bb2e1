package org.resnet4j.training.loop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.training.LearningRate;
import org.resnet4j.training.Schedule;

/**
 * The settings of a learning rate by name, as stored in a checkpoint. The names are part of the checkpoint format: a
 * change of one makes the checkpoints of earlier versions unusable.
 */
final class ScheduleSettings {
    private ScheduleSettings() {}

    static Map<String, String> of(LearningRate rate) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("learning rate", Double.toString(rate.base()));
        switch (rate.schedule()) {
            case Schedule.Constant _ -> settings.put("schedule", "constant");
            case Schedule.Steps steps -> {
                settings.put("schedule", "step");
                settings.put("milestones", join(steps.milestones()));
                settings.put("factor of each milestone", Double.toString(steps.factor()));
            }
            case Schedule.Cosine cosine -> {
                settings.put("schedule", "cosine");
                settings.put("floor of the schedule", Double.toString(cosine.floor()));
            }
            case Schedule.OneCycle cycle -> {
                settings.put("schedule", "one-cycle");
                settings.put("rising share of the schedule", Double.toString(cycle.warmShare()));
                settings.put("start divisor of the schedule", Double.toString(cycle.startDivisor()));
                settings.put("end divisor of the schedule", Double.toString(cycle.endDivisor()));
            }
        }
        settings.put("warm-up epochs", Double.toString(rate.warmUpEpochs()));
        settings.put("warm-up start", Double.toString(rate.warmUpStart()));
        return settings;
    }

    private static String join(List<Double> values) {
        return String.join(", ", values.stream().map(String::valueOf).toList());
    }
}
