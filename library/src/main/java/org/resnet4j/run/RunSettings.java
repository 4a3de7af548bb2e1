package org.resnet4j.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.model.ModelSettings;
import org.resnet4j.resnet.ResNetSpec;

/**
 * The settings that decide the result of a run, by name. A checkpoint of a run with another value is refused, so the names are
 * part of the format of checkpoints.
 */
public final class RunSettings {
    private final Map<String, String> values = new LinkedHashMap<>();

    private RunSettings() {}

    /** Begins with the data, the network and the preparation of its images. */
    public static RunSettings of(DatasetSplits splits, ResNetSpec spec, EvaluationTransform transform) {
        var settings = new RunSettings();
        settings.values.put("data", splits.source());
        settings.values.put("training images", Integer.toString(splits.train().size()));
        settings.values.put(
                "validation images", Integer.toString(splits.validation().size()));
        settings.values.putAll(DatasetFingerprint.of(splits));
        settings.values.putAll(ModelSettings.of(spec, transform));
        return settings;
    }

    /** Adds the starting weights; null for random ones. */
    public RunSettings weights(@Nullable String name) {
        values.put("weights", name == null ? "none" : name);
        return this;
    }

    /**
     * Adds what is not trained. The checkpoint holds the classifier alone; the layers below it must still be the same.
     *
     * @param checksum of a frozen backbone; null where every layer is trained
     */
    public RunSettings frozen(@Nullable String checksum) {
        values.put("frozen", checksum == null ? "nothing" : "backbone " + checksum);
        return this;
    }

    /** Adds the variation of training images, the batches and the seed. */
    public RunSettings training(Augmentation augmentation, int batchSize, long seed) {
        values.putAll(AugmentationSettings.of(augmentation));
        values.put("batch size", Integer.toString(batchSize));
        values.put("seed", Long.toString(seed));
        return this;
    }

    /** Returns the settings in their order. */
    public Map<String, String> values() {
        return new LinkedHashMap<>(values);
    }
}
