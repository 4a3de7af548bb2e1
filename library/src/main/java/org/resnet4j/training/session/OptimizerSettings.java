package org.resnet4j.training.session;

import java.util.LinkedHashMap;
import java.util.Map;
import org.resnet4j.training.Optimizer;

/**
 * The settings of an optimizer by name, as stored in a checkpoint. The names are part of the checkpoint format: a
 * change of one makes the checkpoints of earlier versions unusable.
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
