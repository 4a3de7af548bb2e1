package org.resnet4j.training.loop;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.support.Check;
import org.resnet4j.training.LearningRate;

/**
 * Settings of a run.
 *
 * @param epochs passes over the training data
 * @param learningRate learning rate of every step
 * @param accumulation batches for each weight update, 1 or more
 * @param patience epochs without a better validation after which the run ends; 0 for never
 * @param checkpoint location and frequency of checkpoints; null for none
 * @param run other settings that determine the run, by name, for display: model, data, seed, batch size. A checkpoint
 *     of a run with another value is rejected
 */
public record TrainerSettings(
        int epochs,
        LearningRate learningRate,
        int accumulation,
        int patience,
        @Nullable CheckpointPolicy checkpoint,
        Map<String, String> run) {
    public TrainerSettings {
        Check.atLeast("epochs", 1, epochs);
        Check.atLeast("accumulation", 1, accumulation);
        Check.atLeast("patience", 0, patience);
        run = Collections.unmodifiableMap(new LinkedHashMap<>(run));
    }

    /** Creates settings without accumulation, early stopping or checkpoints. */
    public TrainerSettings(int epochs, LearningRate learningRate) {
        this(epochs, learningRate, 1, 0, null, Map.of());
    }

    /** Returns a copy with this number of batches for each weight update. */
    public TrainerSettings withAccumulation(int batches) {
        return new TrainerSettings(epochs, learningRate, batches, patience, checkpoint, run);
    }

    /** Returns a copy that ends after this number of epochs without a better validation. */
    public TrainerSettings withPatience(int changed) {
        return new TrainerSettings(epochs, learningRate, accumulation, changed, checkpoint, run);
    }

    /** Returns a copy with checkpoints. */
    public TrainerSettings withCheckpoint(CheckpointPolicy policy) {
        return new TrainerSettings(epochs, learningRate, accumulation, patience, policy, run);
    }

    /** Returns a copy with other settings of the run. */
    public TrainerSettings withRun(Map<String, String> changed) {
        return new TrainerSettings(epochs, learningRate, accumulation, patience, checkpoint, changed);
    }
}
