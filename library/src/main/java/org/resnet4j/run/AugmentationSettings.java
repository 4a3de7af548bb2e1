package org.resnet4j.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.BatchMixing;
import org.resnet4j.dataset.ImageAugmentation;

/** The augmentation of training images as named values: {@code augmentation step 1 padding}. */
final class AugmentationSettings {
    private final Map<String, String> values = new LinkedHashMap<>();

    private AugmentationSettings() {}

    static Map<String, String> of(Augmentation augmentation) {
        var settings = new AugmentationSettings();
        var names = new ArrayList<String>();
        settings.values.put("augmentation", "none");
        for (ImageAugmentation step : augmentation.steps()) {
            names.add(settings.add("augmentation step " + (names.size() + 1) + " ", step));
        }
        if (!names.isEmpty()) {
            settings.values.put("augmentation", String.join(", ", names));
        }
        BatchMixing mixing = augmentation.mixing();
        settings.put("mixup", mixing == null ? 0 : mixing.mixupAlpha());
        settings.put("cutmix", mixing == null ? 0 : mixing.cutmixAlpha());
        settings.put("share of mixed batches", mixing == null ? 0 : mixing.probability());
        return settings.values;
    }

    /** Adds the values of a step and returns its name. */
    private String add(String prefix, ImageAugmentation step) {
        return switch (step) {
            case ImageAugmentation.PadAndCrop crop -> {
                values.put(prefix + "padding", Integer.toString(crop.padding()));
                yield "pad and crop";
            }
            case ImageAugmentation.HorizontalFlip flip -> {
                put(prefix + "probability", flip.probability());
                yield "horizontal flip";
            }
            case ImageAugmentation.RandomResizedCrop crop -> {
                put(prefix + "least area", crop.minScale());
                put(prefix + "largest area", crop.maxScale());
                put(prefix + "least ratio", crop.minRatio());
                put(prefix + "largest ratio", crop.maxRatio());
                values.put(prefix + "interpolation", word(crop.interpolation()));
                yield "random resized crop";
            }
            case ImageAugmentation.ColorJitter jitter -> {
                put(prefix + "brightness", jitter.brightness());
                put(prefix + "contrast", jitter.contrast());
                put(prefix + "saturation", jitter.saturation());
                put(prefix + "hue", jitter.hue());
                yield "color jitter";
            }
            case ImageAugmentation.RandomErasing erasing -> {
                put(prefix + "probability", erasing.probability());
                put(prefix + "least area", erasing.minScale());
                put(prefix + "largest area", erasing.maxScale());
                put(prefix + "least ratio", erasing.minRatio());
                put(prefix + "largest ratio", erasing.maxRatio());
                values.put(prefix + "fill", word(erasing.fill()));
                yield "random erasing";
            }
        };
    }

    private void put(String name, double value) {
        values.put(name, Double.toString(value));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
