package org.resnet4j.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.model.config.ModelSettings;
import org.resnet4j.resnet.ResNetSpec;

/**
 * The settings that determine the result of a run, by name. A checkpoint of a run with another value is rejected, so
 * the names are part of the checkpoint format.
 */
public final class RunSettings {
    private final Map<String, String> values = new LinkedHashMap<>();

    private RunSettings() {}

    /** Returns settings with the data, the network and the preprocessing of its images. */
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
     * Adds what is not trained. The checkpoint contains only the classifier; the layers below it must be the same on
     * resume.
     *
     * @param checksum checksum of a frozen backbone; null if every layer is trained
     */
    public RunSettings frozen(@Nullable String checksum) {
        values.put("frozen", checksum == null ? "nothing" : "backbone " + checksum);
        return this;
    }

    /** Adds the augmentation, the batch size and the seed. */
    public RunSettings training(Augmentation augmentation, int batchSize, long seed) {
        values.putAll(AugmentationSettings.of(augmentation));
        values.put("batch size", Integer.toString(batchSize));
        values.put("seed", Long.toString(seed));
        return this;
    }

    /** Adds balanced sampling; the usual order is not named, so that checkpoints of earlier versions fit. */
    public RunSettings balanced(boolean sampling) {
        if (sampling) {
            values.put("sampling", "balanced");
        }
        return this;
    }

    /** Returns the settings in order. */
    public Map<String, String> values() {
        return new LinkedHashMap<>(values);
    }
}
