package org.resnet4j.training.loop;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.support.Check;
import org.resnet4j.training.LearningRate;

/**
 * How a run goes.
 *
 * @param epochs passes over the training data
 * @param learningRate of every step
 * @param accumulation batches that make one change of the weights, 1 or more
 * @param patience epochs without a better validation after which the run ends; 0 is never
 * @param checkpoint where and how often; null is never
 * @param run what else makes this run what it is, by name, for people to read: model, data, seed, batch size. A
 *     checkpoint of a run with another value is refused
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

    /** Without accumulation, early stopping or checkpoints. */
    public TrainerSettings(int epochs, LearningRate learningRate) {
        this(epochs, learningRate, 1, 0, null, Map.of());
    }

    /** The same with so many batches in one change of the weights. */
    public TrainerSettings withAccumulation(int batches) {
        return new TrainerSettings(epochs, learningRate, batches, patience, checkpoint, run);
    }

    /** The same, ending after so many epochs without a better validation. */
    public TrainerSettings withPatience(int changed) {
        return new TrainerSettings(epochs, learningRate, accumulation, changed, checkpoint, run);
    }

    /** The same with checkpoints. */
    public TrainerSettings withCheckpoint(CheckpointPolicy policy) {
        return new TrainerSettings(epochs, learningRate, accumulation, patience, policy, run);
    }

    /** The same with other descriptions of the run. */
    public TrainerSettings withRun(Map<String, String> changed) {
        return new TrainerSettings(epochs, learningRate, accumulation, patience, checkpoint, changed);
    }
}
