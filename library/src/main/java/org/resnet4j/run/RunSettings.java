package org.resnet4j.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.DatasetFingerprint;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.resnet.ResNetSpec;

/** The settings that decide a run's result, by name. A checkpoint of a run with another value is refused. */
public final class RunSettings {
    private final Map<String, String> values = new LinkedHashMap<>();

    private RunSettings() {}

    /** Begins with the data and the network. */
    public static RunSettings of(DatasetSplits splits, ResNetSpec spec) {
        var settings = new RunSettings();
        settings.values.put(
                "data",
                splits.source() + ", " + splits.train().size() + " and "
                        + splits.validation().size() + " images of "
                        + splits.classes().size() + " classes");
        settings.values.putAll(DatasetFingerprint.of(splits));
        settings.values.put("network", spec.toString());
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

    /** Adds what is done with the images, and the seed. */
    public RunSettings images(EvaluationTransform transform, Augmentation augmentation, int batchSize, long seed) {
        values.put("images", transform.toString());
        values.put("augmentation", augmentation.toString());
        values.put("batch size", Integer.toString(batchSize));
        values.put("seed", Long.toString(seed));
        return this;
    }

    /** Returns the settings in their order. */
    public Map<String, String> values() {
        return new LinkedHashMap<>(values);
    }
}
