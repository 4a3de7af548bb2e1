package org.resnet4j.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings by name, as a checkpoint keeps them. The names are part of the format of checkpoints: a name that changes makes
 * those of earlier versions unusable.
 */
final class NamedSettings {
    private NamedSettings() {}

    static Map<String, String> of(Optimizer optimizer) {
        var settings = new LinkedHashMap<String, String>();
        switch (optimizer) {
            case Optimizer.Sgd sgd -> {
                settings.put("optimizer", "sgd");
                settings.put("momentum", Double.toString(sgd.momentum()));
                settings.put("nesterov", Boolean.toString(sgd.nesterov()));
            }
            case Optimizer.AdamW adam -> {
                settings.put("optimizer", "adamw");
                settings.put("beta1", Double.toString(adam.beta1()));
                settings.put("beta2", Double.toString(adam.beta2()));
                settings.put("epsilon", Double.toString(adam.epsilon()));
            }
        }
        settings.put("weight decay", Double.toString(optimizer.weightDecay()));
        settings.put("weight decay of norm and bias", Boolean.toString(optimizer.decayNormAndBias()));
        return settings;
    }

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
