package org.resnet4j.training;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings of an optimizer by name, as a checkpoint keeps them. The names are part of the format of checkpoints: changing one
 * makes the checkpoints of earlier versions unusable.
 */
final class OptimizerSettings {
    private OptimizerSettings() {}

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
}
