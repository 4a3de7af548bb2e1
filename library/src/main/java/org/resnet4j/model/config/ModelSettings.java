package org.resnet4j.model.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.resnet.ResNetSpec;

/**
 * A network and the preprocessing of its images as named values, for comparison and display. The names are those of
 * {@code config.json} with spaces for underscores: {@code network stem width}, {@code images mean}.
 */
public final class ModelSettings {
    /** Settings of the preprocessing that do not follow from others. */
    private static final List<String> PREPARATION = List.of("input_size", "interpolation", "mean", "std");

    private ModelSettings() {}

    /** Returns everything that determines the network's results except its weights. */
    public static Map<String, String> of(ResNetSpec spec, EvaluationTransform transform) {
        Map<String, Object> config = new ModelConfig(spec, ModelConfig.numbered(spec.classes()), transform).toMap();
        var settings = new LinkedHashMap<String, String>();
        settings.put("network", spec.name());
        settings.put("network classes", Integer.toString(spec.classes()));
        part(config, ModelConfig.OWN).forEach((key, value) -> settings.put(name(key), String.valueOf(value)));
        settings.remove(name(ModelConfig.FORMAT)); // of the file, not of the network
        Map<?, ?> preparation = part(config, ModelConfig.PREPARATION);
        for (String key : PREPARATION) {
            settings.put("images " + spaced(key), String.valueOf(preparation.get(key)));
        }
        return settings;
    }

    private static Map<?, ?> part(Map<String, Object> config, String key) {
        return config.get(key) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String name(Object key) {
        return switch (key.toString()) {
            case "resize_size", "keep_matching" -> "images " + spaced(key.toString());
            case String other -> "network " + spaced(other);
        };
    }

    private static String spaced(String key) {
        return key.replace('_', ' ');
    }
}
